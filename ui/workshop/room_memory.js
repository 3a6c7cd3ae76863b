// Which person somebody is in each room, kept in this browser, so that scanning the picture again gives no second seat.
const NAME = "ripple rooms";
const MOST = 20;

const kept = () => {
  const found = JSON.parse(localStorage.getItem(NAME) ?? "[]");
  return Array.isArray(found) ? found.filter((one) => Array.isArray(one) && one.length === 2) : [];
};

export default function ({ data, setStateValue }) {
  try {
    if (data.me) {
      const others = kept().filter(([room]) => room !== data.room);
      localStorage.setItem(NAME, JSON.stringify([...others, [data.room, data.me]].slice(-MOST)));
    } else {
      const found = kept().find(([room]) => room === data.room);
      setStateValue("me", found ? String(found[1]) : "");
    }
  } catch {
    // a browser that keeps nothing: people come back by their own link
  }
}
