# ruff: noqa: E501 - the scenario is written as people would write it
"""A practice that sells advice: leads and clients, promises, contacts, channels, skills, talk; for tests of every law."""

from copy import deepcopy
from typing import Any

from sim.scenario.document import parse
from sim.scenario.scenario import Scenario
from tests.engines.worlds import Changes, changed, checked

_TEXT = """
title: A practice
question: Do promises pay?
story: Advice is promised, sold and delivered.
currency: GBP
weeks: 16
warm_up_days: 7
headline: revenue
calendar:
  starts: "2026-01-05"
  opening: {monday: "09:00-17:00", tuesday: "09:00-17:00", thursday: "09:00-17:00"}
customers:
  base: 60
  visits_per_week: 0.5
  visits_shape: 2
  gap_cv: 1
  spend_log_sd: 0.3
  leaving: {churn_per_year: 0.3, concentration: 10}
  newcomers_per_week: 2
  leads_per_week: 12
  passers_by_per_week: 1
channels:
  - {id: web, label: Web}
  - {id: office, label: Office}
  - {id: chat, label: Chat}
  - {id: phone, label: Phone}
segments:
  - {id: firms, label: Firms, share: 0.6, fit: 0.05}
  - {id: people, label: People, share: 0.4, cannot_use: [chat], hurt_times: 1.2, fit: -0.1, expectation: 0.6}
trips:
  - {id: project, label: Project, share: 0.7, spend: 400, spend_log_sd: 0.3}
  - {id: question, label: Question, share: 0.3, spend: 50, spend_log_sd: 0.2, time_times: 0.5}
stages:
  - {id: sell, label: Sell}
  - {id: deliver, label: Deliver}
departments:
  - {id: sales, label: Sales}
  - {id: work, label: Work}
resources:
  - {id: partners, label: Partners, servers: 1}
  - {id: helpers, label: Helpers, servers: 1}
journey:
  - id: site
    label: Website
    stage: sell
    department: sales
    channel: web
    claim: {level: 0.9, known: 0.8}
    permission: 0.4
    next:
      - {to: bot, when: customer, share: 0.5}
      - {to: pitch, when: prospect}
      - {to: work}
  - id: pitch
    label: Pitch
    stage: sell
    department: sales
    channel: office
    resource: partners
    minutes: {mean: 40, law: lognormal, log_sd: 0.4}
    patience: 60
    balks_at: 2
    claim: {level: 0.85}
    converts: {chance: 0.4}
    next: [{to: work}]
  - id: bot
    label: Chat robot
    stage: deliver
    department: work
    channel: chat
    minutes: {mean: 5, law: exponential}
    contact: {resolves: 0.5}
    next:
      - {to: phone, when: failed, share: 0.7}
      - {to: bot, when: failed}
      - {to: work, when: settled, trips: [project]}
  - id: phone
    label: Phone desk
    stage: deliver
    department: work
    channel: phone
    resource: helpers
    minutes: {mean: 12, law: exponential}
    patience: 5
    contact: {resolves: 0.7, restores: 0.6, refund: 0.1}
    next:
      - {to: phone, when: failed, share: 0.5}
  - id: work
    label: Work
    stage: deliver
    department: work
    resource: partners
    minutes: {mean: 30, law: exponential}
    grows_with_trip: true
    delivers: {level: 0.8, spread: 0.1}
    cross_sells: {chance: 0.2, spend: 80, spend_log_sd: 0.5}
    pays: true
    next:
      - {to: phone, when: reporting}
      - {to: call, segments: [firms], share: 0.4}
  - id: call
    label: Call about news
    stage: sell
    department: sales
    permission: 0.3
failures:
  - {id: queue, label: A long wait, at: pitch, cause: wait, reported: true, severity: 0.5, responses: [{id: endure, label: Endures, feels: -0.3}, {id: go, label: Goes, share: 0.6, then: leave, feels: -0.5}]}
  - {id: dead_end, label: Dead end, at: bot, cause: unresolved, responses: [{id: sigh, label: Sighs, feels: -0.4}, {id: go, label: Goes, share: 0.2, then: leave}]}
  - {id: no_answer, label: No answer, at: phone, cause: unresolved, responses: [{id: sigh, label: Sighs, feels: -0.25}]}
  - {id: hang, label: On hold, at: phone, cause: wait, responses: [{id: hold, label: Holds, feels: -0.2}, {id: go, label: Hangs up, share: 0.5, then: leave}]}
  - {id: gap, label: Less than promised, at: work, cause: promise, weight: 1, severity: 0.7, reported: true, responses: [{id: bear, label: Bears it}, {id: cut, label: Cuts the order, share: 0.3, loss: 0.4}]}
  - {id: price, label: A wrong price, at: work, cause: chance, chance: 0.2, severity: 0.8, reported: true, breaks_promise: true, responses: [{id: pay, label: Pays, feels: -0.6}, {id: haggle, label: Haggles, share: 0.3, loss: 0.2, feels: -0.4}]}
  - {id: cold_call, label: Called unasked, at: call, cause: intrusion, responses: [{id: bear, label: Bears it, feels: -0.5}]}
attributes:
  - {id: tidy, label: Tidy, at: work, kind: must_be, level: 0.2}
  - {id: cake, label: Cake, at: work, kind: attractive, level: 0.6, weight: 0.4}
  - {id: view, label: View, at: pitch, level: -0.1}
relationship: {reference: 0.8, loss_aversion: 2, gain: 0.2, leaving_sensitivity: 0.9, recapture: 0.2, shock_times: 1.8, shock_half_life: 6}
beliefs: {expectation: 0.75}
word_of_mouth: {telling: 0.6, considering: 0.5, half_life: 3}
reputation: {weight: 0.4, reviews: 0.3, pace: 0.05}
survey: {delay: 1, answers: 0.3}
skills:
  - id: selling
    label: Selling
    half_life: 5
    coaching_every: 4
    coaching_restores: 0.6
    session_cost: 50
    lifts: [{at: pitch, rate: conversion, log_odds: 0.8}, {at: price, rate: failure, log_odds: -0.7}, {at: phone, rate: resolution, log_odds: 0.5}]
economics: {incremental_margin: 0.5, service_cost_per_visit: 5, discount_rate: 0.1, acquisition_spend_per_year: 20000}
"""
_DATA = parse(_TEXT, "practice").data


def practice_data(changes: Changes | None = None) -> dict[str, Any]:
    """The practice as plain data, with the values at these paths replaced."""
    return changed(deepcopy(_DATA), changes)


def practice(changes: Changes | None = None) -> Scenario:
    return checked(practice_data(changes))
