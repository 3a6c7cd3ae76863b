"""Writes docs/reference anew and says which pages changed."""

from sim.reference.pages import FOLDER, pages


def main() -> None:
    """Write every page whose text is not what the code says now."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages():
        file = FOLDER / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8", newline="\n")
            print(f"Wrote docs/reference/{name}")


if __name__ == "__main__":
    main()
