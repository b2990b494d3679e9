import type { Gate } from "@twin/kernel"
import type { ExpectationResult, ScenarioResult, StepResult } from "../ConformanceReport.ts"
import { escapeMarkup as text } from "./escape.ts"
import { shakenRemark } from "./wording.ts"

const gateClass: Record<Gate["verdict"], string> = {
  pass: "good",
  deny: "bad",
  challenge: "ask",
  unknown: "idle",
}

const gateHtml = (gate: Gate): string => {
  const details = Object.entries(gate.details).map(([key, value]) => `${key} = ${value}`)
  const route = gate.route === undefined ? "" : ` <span class="soft">(${text(gate.route)})</span>`
  return `<li class="gate"><span class="tag ${gateClass[gate.verdict]}">${gate.verdict}</span> <b>${text(gate.name)}</b>${route} ${text(gate.reason)} <span class="soft">${text([...details, gate.facts.join(" ")].join(" · "))}</span></li>`
}

const outcomeClass = { allow: "good", deny: "bad", challenge: "ask", unknown: "idle" } as const

const decisionHtml = ({ operation, decision }: StepResult["decisions"][number]): string =>
  `<details><summary><span class="tag ${outcomeClass[decision.outcome]}">${decision.outcome}</span> ${text(operation)} <span class="soft">by ${text(decision.gates.at(-1)?.name ?? "")}</span></summary><ol>${decision.gates.map(gateHtml).join("")}</ol>${decision.rights === undefined ? "" : `<p class="soft">Rights: ${text(decision.rights.join(", ") || "none")}</p>`}</details>`

const expectationHtml = (it: ExpectationResult): string => {
  const isGood = it.held && !it.isVacuous
  const remark = shakenRemark(it.shaken, it.isVacuous)
  const claims = it.claims.map((id) => `<a href="#${id}"><code>${id}</code></a>`).join(" ")
  return `<li><span class="tag ${isGood ? "good" : "bad"}">${isGood ? "holds" : "fails"}</span> ${text(it.that)} ${claims}<br><span class="soft">${text([it.found, remark].filter((part) => part !== "").join(" · "))}</span></li>`
}

const stepHtml = (step: StepResult, number: string): string => {
  const poll =
    step.poll === undefined
      ? ""
      : `<p>${text(step.poll.question)}</p><ol>${step.poll.choices
          .map(
            (choice, index) =>
              `<li${index === step.poll?.right ? ' class="good"' : ""}>${text(choice)}${index === step.poll?.right ? " ✓" : ""}</li>`,
          )
          .join("")}</ol>`
  return [
    `<div class="step"><h4>${number} ${text(step.title)}</h4>`,
    step.actor === "" ? "" : `<p class="soft">${text(step.actor)} · ${text(step.at)}</p>`,
    step.command === "" || step.kind === "poll" ? "" : `<pre>${text(step.command)}</pre>`,
    ...step.decisions.map(decisionHtml),
    poll,
    step.expectations.length === 0
      ? ""
      : `<ul>${step.expectations.map(expectationHtml).join("")}</ul>`,
    step.error === undefined
      ? ""
      : `<p class="bad">${text(step.error.id)}: ${text(step.error.message)}</p>`,
    "</div>",
  ].join("")
}

/** One scenario with its sections, steps and decisions. */
export const scenarioHtml = (scenario: ScenarioResult): string => {
  const { state, held, failed, errors } = scenario
  const isGood = state === "held"
  const isPlayed = state !== "unusable"
  const counts = isPlayed
    ? `${held} held, ${failed} failed${errors === 0 ? "" : `, ${errors} errors`}`
    : "cannot be played"
  return [
    `<details${isGood ? "" : " open"}><summary><span class="tag ${isGood ? "good" : "bad"}">${state}</span> ${text(scenario.title)} <span class="soft">${counts}</span></summary>`,
    isPlayed
      ? `<p class="soft">${text(scenario.file)} · level ${scenario.level} · ${scenario.durationMinutes} minutes · drawn from ${text(scenario.sources.join(", "))}</p>`
      : "",
    scenario.problems.length === 0
      ? ""
      : `<pre class="bad">${text(scenario.problems.join("\n"))}</pre>`,
    ...scenario.sections.map(
      ({ title, steps }, at) =>
        `<h3>${at + 1} ${text(title)}</h3>${steps.map((step, index) => stepHtml(step, `${at + 1}.${index + 1}`)).join("")}`,
    ),
    "</details>",
  ].join("")
}
