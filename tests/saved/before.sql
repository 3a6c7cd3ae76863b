BEGIN TRANSACTION;
CREATE TABLE documents (
	name TEXT NOT NULL, 
	text TEXT NOT NULL, 
	used BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "documents" VALUES('~fd8043379ea359e64c6b4179','# The dodgy trolley''s journey, small and quick: for tests and for trying things out.
# Its numbers are round and carry no source, so nothing here is evidence of anything.

title: A tiny shop
question: Do five more trolleys keep reports from being refused?
story: >-
  A corner shop with nine trolleys. One in a hundred comes back with a bad wheel, and the desk will only take one
  out while seven others stand in the bay.
currency: GBP
weeks: 12
warm_up_days: 14
headline: revenue_lost_per_year
why:
  - {measure: refused_share, text: "The desk takes a reported trolley out only if enough others stand in the bay."}
  - {measure: bad_trip_share, text: "A refused one goes back into line, and the next shopper draws it."}

calendar:
  starts: "2026-01-05"
  opening: {monday: "09:00-18:00", wednesday: "09:00-18:00", friday: "09:00-18:00", saturday: "10:00-16:00"}
  closed: ["12-25"]

weather: {rain: 0.3}

customers:
  base: 300
  visits_per_week: 0.8
  visits_shape: 1.3
  gap_cv: 0.9
  spend_log_sd: 0.6
  leaving: {churn_per_year: 0.3, concentration: 16}
  newcomers_per_week: 2

segments:
  - {id: regulars, label: Regulars, share: 0.7}
  - {id: hurried, label: In a hurry, share: 0.3, patience_times: 0.6, hurt_times: 1.3, spend_times: 0.9}

trips:
  - {id: main, label: Main shop, share: 0.4, spend: 60, spend_log_sd: 0.4, borrows: 1}
  - {id: small, label: A few things, share: 0.6, spend: 9, spend_log_sd: 0.4, time_times: 0.3, borrows: 0.2}

stages:
  - {id: arrive, label: Arrive}
  - {id: shop, label: Shop}
  - {id: pay, label: Pay}
departments:
  - {id: operations, label: Operations}
  - {id: service, label: Customer service}

resources:
  - {id: tills, label: Tills, servers: 1}
  - {id: desk, label: Service desk, servers: 1}
  - {id: repairer, label: Repairer, servers: 1}

assets:
  - id: trolleys
    label: Trolleys
    pool: {mode: 9, unit: trolleys}
    breaks: {low: 0.002, mode: 0.01, high: 0.03, unit: share of trips, evidence: D, source: a guess}
    reserve: 7
    repair: {resource: repairer, minutes: {mean: 240, law: exponential}}

journey:
  - id: bay
    label: Trolley bay
    stage: arrive
    department: operations
    borrows: trolleys
    next: [{to: aisles}]
  - id: aisles
    label: Aisles
    stage: shop
    department: operations
    minutes: {mean: 30, law: lognormal, log_sd: 0.4}
    grows_with_trip: true
    next: [{to: checkout}]
  - id: checkout
    label: Checkout
    stage: pay
    department: operations
    resource: tills
    minutes: {mean: 4, law: exponential}
    grows_with_trip: true
    patience: 12
    pays: true
    next: [{to: desk, when: reporting}]
  - id: desk
    label: Service desk
    stage: pay
    department: service
    resource: desk
    minutes: {mean: 3, law: exponential}
    hears_reports: trolleys

failures:
  - id: wheel
    label: A bad wheel
    at: bay
    cause: asset
    severity: 0.5
    reported: true
    responses:
      - {id: persevere, label: Perseveres, loss: {low: 0.02, mode: 0.06, high: 0.12, unit: share of basket, evidence: D, source: a guess}, feels: -0.4}
      - {id: swap, label: Swaps to a basket, share: 0.1, loss: 0.5, loss_on: [main], feels: -0.4, then: hand_back, not_in_rain: true}
      - {id: essentials, label: Buys only the essentials, share: 0.1, loss: 0.3, feels: -0.6}
      - {id: abandon, label: Walks out, share: 0.02, loss: 1, feels: -1, then: leave}
  - id: empty_bay
    label: No trolley left
    at: bay
    cause: shortage
    responses:
      - {id: basket, label: Takes a basket, loss: 0.5, loss_on: [main], feels: -0.3}
  - id: queue
    label: A long queue
    at: checkout
    cause: wait
    responses:
      - {id: endure, label: Waits on, feels: -0.4}
      - {id: abandon, label: Leaves the shopping, share: 0.2, loss: 1, feels: -0.8, then: leave}
  - id: refused
    label: A report refused
    at: desk
    cause: unresolved
    responses:
      - {id: shrug, label: Hears "not enough trolleys", feels: -0.6}

relationship:
  reference: 0.8
  loss_aversion: 2
  gain: 0.2
  leaving_sensitivity: 0.8
  recapture: 0.15

economics: {incremental_margin: {low: 0.15, mode: 0.25, high: 0.32, unit: share, evidence: D, source: a guess}, service_cost_per_visit: 0.5, discount_rate: 0.1}

fixes:
  - id: roof_over_the_bay
    label: A roof over the bay
    help: Less rain gets in.
    department: operations
    changes: [{path: weather.rain, times: 0.5}]
    costs: {once: 300}
    evidence: D
    source: a round number for tests
  - id: five_more_trolleys
    label: Five more trolleys
    help: Enough that a bad one can be spared.
    department: operations
    changes: [{path: assets.trolleys.pool, add: 5}]
    costs: {once: 750, per_year: 50}
    evidence: D
    source: a round number for tests

levers:
  - path: assets.trolleys.pool
    label: Trolleys in the pool
    min: 4
    max: 40
    step: 1
    help: How many trolleys the shop owns.
    outcome: refused_share
    direction: down
  - path: assets.trolleys.breaks
    label: Breakages per trip
    min: 0
    max: 0.05
    step: 0.005
    help: Chance that a sound trolley comes back with a bad wheel.
    outcome: bad_trip_share
    direction: up
  - path: failures.wheel.responses.persevere.loss
    label: Basket lost by those who persevere
    min: 0
    max: 0.3
    step: 0.01
    help: What someone with a bad trolley leaves on the shelves.
    outcome: revenue_lost_per_year
    direction: up
',1790000000);
INSERT INTO "documents" VALUES('~a9bb9805e97f66fa288575a6','# The dodgy trolley''s journey, small and quick: for tests and for trying things out.
# Its numbers are round and carry no source, so nothing here is evidence of anything.

title: A tiny shop
question: Do five more trolleys keep reports from being refused?
story: >-
  A corner shop with nine trolleys. One in a hundred comes back with a bad wheel, and the desk will only take one
  out while seven others stand in the bay.
currency: GBP
weeks: 12
warm_up_days: 14
headline: revenue_lost_per_year
why:
  - {measure: refused_share, text: "The desk takes a reported trolley out only if enough others stand in the bay."}
  - {measure: bad_trip_share, text: "A refused one goes back into line, and the next shopper draws it."}

calendar:
  starts: "2026-01-05"
  opening: {monday: "09:00-18:00", wednesday: "09:00-18:00", friday: "09:00-18:00", saturday: "10:00-16:00"}
  closed: ["12-25"]

weather: {rain: 0.3}

customers:
  base: 300
  visits_per_week: 0.8
  visits_shape: 1.3
  gap_cv: 0.9
  spend_log_sd: 0.6
  leaving: {churn_per_year: 0.3, concentration: 16}
  newcomers_per_week: 2

segments:
  - {id: regulars, label: Regulars, share: 0.7}
  - {id: hurried, label: In a hurry, share: 0.3, patience_times: 0.6, hurt_times: 1.3, spend_times: 0.9}

trips:
  - {id: main, label: Main shop, share: 0.4, spend: 60, spend_log_sd: 0.4, borrows: 1}
  - {id: small, label: A few things, share: 0.6, spend: 9, spend_log_sd: 0.4, time_times: 0.3, borrows: 0.2}

stages:
  - {id: arrive, label: Arrive}
  - {id: shop, label: Shop}
  - {id: pay, label: Pay}
departments:
  - {id: operations, label: Operations}
  - {id: service, label: Customer service}

resources:
  - {id: tills, label: Tills, servers: 1}
  - {id: desk, label: Service desk, servers: 1}
  - {id: repairer, label: Repairer, servers: 1}

assets:
  - id: trolleys
    label: Trolleys
    pool: {mode: 9, unit: trolleys}
    breaks: {low: 0.006, mode: 0.016, high: 0.029, unit: share of trips, evidence: D, source: ''pooled from 2 people in a workshop on 2026-09-20, revised once''}
    reserve: 7
    repair: {resource: repairer, minutes: {mean: 240, law: exponential}}

journey:
  - id: bay
    label: Trolley bay
    stage: arrive
    department: operations
    borrows: trolleys
    next: [{to: aisles}]
  - id: aisles
    label: Aisles
    stage: shop
    department: operations
    minutes: {mean: 30, law: lognormal, log_sd: 0.4}
    grows_with_trip: true
    next: [{to: checkout}]
  - id: checkout
    label: Checkout
    stage: pay
    department: operations
    resource: tills
    minutes: {mean: 4, law: exponential}
    grows_with_trip: true
    patience: 12
    pays: true
    next: [{to: desk, when: reporting}]
  - id: desk
    label: Service desk
    stage: pay
    department: service
    resource: desk
    minutes: {mean: 3, law: exponential}
    hears_reports: trolleys

failures:
  - id: wheel
    label: A bad wheel
    at: bay
    cause: asset
    severity: 0.5
    reported: true
    responses:
      - {id: persevere, label: Perseveres, loss: {low: 0.03, mode: 0.05, high: 0.11, unit: share of basket, evidence: D, source: pooled from one person in a workshop on 2026-09-20}, feels: -0.4}
      - {id: swap, label: Swaps to a basket, share: 0.1, loss: 0.5, loss_on: [main], feels: -0.4, then: hand_back, not_in_rain: true}
      - {id: essentials, label: Buys only the essentials, share: 0.1, loss: 0.3, feels: -0.6}
      - {id: abandon, label: Walks out, share: 0.02, loss: 1, feels: -1, then: leave}
  - id: empty_bay
    label: No trolley left
    at: bay
    cause: shortage
    responses:
      - {id: basket, label: Takes a basket, loss: 0.5, loss_on: [main], feels: -0.3}
  - id: queue
    label: A long queue
    at: checkout
    cause: wait
    responses:
      - {id: endure, label: Waits on, feels: -0.4}
      - {id: abandon, label: Leaves the shopping, share: 0.2, loss: 1, feels: -0.8, then: leave}
  - id: refused
    label: A report refused
    at: desk
    cause: unresolved
    responses:
      - {id: shrug, label: Hears "not enough trolleys", feels: -0.6}

relationship:
  reference: 0.8
  loss_aversion: 2
  gain: 0.2
  leaving_sensitivity: 0.8
  recapture: 0.15

economics: {incremental_margin: {low: 0.15, mode: 0.25, high: 0.32, unit: share, evidence: D, source: a guess}, service_cost_per_visit: 0.5, discount_rate: 0.1}

fixes:
  - id: roof_over_the_bay
    label: A roof over the bay
    help: Less rain gets in.
    department: operations
    changes: [{path: weather.rain, times: 0.5}]
    costs: {once: 300}
    evidence: D
    source: a round number for tests
  - id: five_more_trolleys
    label: Five more trolleys
    help: Enough that a bad one can be spared.
    department: operations
    changes: [{path: assets.trolleys.pool, add: 5}]
    costs: {once: 750, per_year: 50}
    evidence: D
    source: a round number for tests

levers:
  - path: assets.trolleys.pool
    label: Trolleys in the pool
    min: 4
    max: 40
    step: 1
    help: How many trolleys the shop owns.
    outcome: refused_share
    direction: down
  - path: assets.trolleys.breaks
    label: Breakages per trip
    min: 0
    max: 0.05
    step: 0.005
    help: Chance that a sound trolley comes back with a bad wheel.
    outcome: bad_trip_share
    direction: up
  - path: failures.wheel.responses.persevere.loss
    label: Basket lost by those who persevere
    min: 0
    max: 0.3
    step: 0.01
    help: What someone with a bad trolley leaves on the shelves.
    outcome: revenue_lost_per_year
    direction: up
',1790000120);
CREATE TABLE people (
	room TEXT NOT NULL, 
	id INTEGER NOT NULL, 
	token TEXT NOT NULL, 
	name TEXT NOT NULL, 
	joined BIGINT NOT NULL, 
	PRIMARY KEY (room, id), 
	UNIQUE (room, token), 
	FOREIGN KEY(room) REFERENCES rooms (code)
);
INSERT INTO "people" VALUES('6QGTWP',1,'56573dafba7ef29a781bf41b00d79c059a22ce48ab16b7b0fadf8bf39fab90a0','Ada',1790000120);
INSERT INTO "people" VALUES('6QGTWP',2,'df12a01aa716caeffe59bb7eea506cc382575d95a80379b07acf1e7ea94a9118','Ben',1790000120);
INSERT INTO "people" VALUES('6QGTWP',3,'5bca793c9fec4cbdd1c2dcf322d3430ca5d704dac4d65043c1876b8acf3ae39d','Cy',1790000120);
CREATE TABLE rooms (
	code TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	scenario TEXT NOT NULL, 
	made TEXT, 
	step TEXT NOT NULL, 
	locked BOOLEAN NOT NULL, 
	hidden BOOLEAN NOT NULL, 
	closed BOOLEAN NOT NULL, 
	settings TEXT NOT NULL, 
	host TEXT NOT NULL, 
	opened BIGINT NOT NULL, 
	expires BIGINT NOT NULL, 
	PRIMARY KEY (code)
);
INSERT INTO "rooms" VALUES('6QGTWP',9,'~fd8043379ea359e64c6b4179','~a9bb9805e97f66fa288575a6','outcome',0,1,0,'{"question":{"measure":"revenue_lost_per_year","fixes":[]},"guesses":["assets.trolleys.breaks","failures.wheel.responses.persevere.loss"],"budget":800}','81e21df6d1a87fdff4198d64ebf182a4f414f2fc73d66b31106b949f4767b8e3',1790000120,1790604920);
CREATE TABLE saved_scenarios (
	id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	note TEXT NOT NULL, 
	author TEXT NOT NULL, 
	scenario TEXT NOT NULL, 
	kept TEXT NOT NULL, 
	sets JSON NOT NULL, 
	fixes JSON NOT NULL, 
	figures JSON NOT NULL, 
	created BIGINT NOT NULL, 
	changed BIGINT NOT NULL, 
	deleted BIGINT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(kept) REFERENCES documents (name)
);
INSERT INTO "saved_scenarios" VALUES('0000000000000001',1,'Fourteen trolleys','Two lines
of a note; “quoted”, and a ’.','Ada','tiny','~fd8043379ea359e64c6b4179','{"assets.trolleys.pool": 14, "weather.rain": 0.45}','["five_more_trolleys"]','[{"measure": "revenue_lost_per_year", "mean": 5120.25, "low": 4800.5, "high": 5440.0, "runs": 40, "weeks": 12, "seed": 1}, {"measure": "contribution", "mean": null, "low": null, "high": null, "runs": 40, "weeks": 12, "seed": 1}]',1790000000,1790000000,NULL);
INSERT INTO "saved_scenarios" VALUES('0000000000000002',2,'Changed since','changed once','','~fd8043379ea359e64c6b4179','~fd8043379ea359e64c6b4179','{"assets.trolleys.breaks": 0.02}','[]','[]',1790000000,1790000060,NULL);
INSERT INTO "saved_scenarios" VALUES('0000000000000003',2,'Deleted','','Ben','tiny','~fd8043379ea359e64c6b4179','{}','["roof_over_the_bay"]','[]',1790000060,1790000120,1790000120);
CREATE TABLE slips (
	room TEXT NOT NULL, 
	person INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	round INTEGER NOT NULL, 
	payload TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (room, person, kind, "key", round), 
	FOREIGN KEY(room, person) REFERENCES people (room, id)
);
INSERT INTO "slips" VALUES('6QGTWP',1,'bet','',1,'{"value":5000,"named":true}',1,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',2,'bet','',1,'{"value":9000.5,"named":false}',1,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',3,'bet','',1,'{"value":4000,"named":false}',2,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',1,'guess','assets.trolleys.breaks',1,'{"low":0.005,"mode":0.01,"high":0.02}',1,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',2,'guess','assets.trolleys.breaks',1,'{"low":0.01,"mode":0.02,"high":0.03}',1,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',2,'guess','failures.wheel.responses.persevere.loss',1,'{"low":0.03,"mode":0.05,"high":0.11}',1,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',1,'guess','assets.trolleys.breaks',2,'{"low":0.006,"mode":0.012,"high":0.024}',1,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',1,'plan','',1,'{"fixes":["roof_over_the_bay"]}',1,1790000120);
INSERT INTO "slips" VALUES('6QGTWP',2,'plan','',1,'{"fixes":["five_more_trolleys"]}',1,1790000120);
CREATE TABLE steps_over (
	room TEXT NOT NULL, 
	step TEXT NOT NULL, 
	PRIMARY KEY (room, step), 
	FOREIGN KEY(room) REFERENCES rooms (code)
);
INSERT INTO "steps_over" VALUES('6QGTWP','bets');
INSERT INTO "steps_over" VALUES('6QGTWP','guesses');
INSERT INTO "steps_over" VALUES('6QGTWP','plans');
INSERT INTO "steps_over" VALUES('6QGTWP','revise');
CREATE INDEX ix_documents_used ON documents (used);
CREATE INDEX ix_saved_scenarios_deleted ON saved_scenarios (deleted);
COMMIT;
