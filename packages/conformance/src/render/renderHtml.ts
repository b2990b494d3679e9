import type {
  ClaimResult,
  ClaimState,
  ConformanceReport,
  StateCounts,
} from "../ConformanceReport.ts"
import { isGreen } from "../makeReport.ts"
import { escapeMarkup as text } from "./escape.ts"
import { scenarioHtml } from "./htmlScenario.ts"
import { htmlStyle } from "./htmlStyle.ts"
import { domainName, stateName, testsSentence, total, verdictOf } from "./wording.ts"

/** One page without script or anything to load: for a browser, a phone, paper, an attachment. */
export const renderHtml = (report: ConformanceReport): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
    `<title>Conformance of the tenant twin</title><style>${htmlStyle}</style></head><body>`,
    headerHtml(report),
    "<main>",
    summaryHtml(report),
    `<h2 id="scenarios">Scenarios</h2>${report.scenarios.map(scenarioHtml).join("") || "<p>No scenario was played.</p>"}`,
    changesHtml(report),
    `<h2 id="claims">Claims</h2>${claimsHtml(report)}`,
    `<h2 id="sources">By source document</h2><details><summary>${Object.keys(report.summary.bySource).length} documents</summary>${countsTable(report.summary.bySource, (key) => key)}</details>`,
    "</main>",
    footerHtml(report),
    "</body></html>\n",
  ].join("\n")

const headerHtml = (report: ConformanceReport): string => `<header>
<h1>Conformance of the tenant twin</h1>
<p class="verdict${isGreen(report) ? "" : " bad"}">${text(verdictOf(report))}</p>
<p class="soft">${text(testsSentence(report))}</p>
<nav><a href="#summary">Summary</a><a href="#scenarios">Scenarios</a><a href="#changes">Changes</a><a href="#claims">Claims</a><a href="#sources">Sources</a></nav>
</header>`

const card = (value: number, label: string, tone: string): string =>
  `<div class="card"><b class="${tone}">${value}</b>${text(label)}</div>`

const summaryHtml = ({ summary, run }: ConformanceReport): string => {
  const { claims, scenarios, expectations } = summary
  return `<h2 id="summary">Summary</h2>
<div class="cards">${[
    card(claims.proven, "claims proven", "good"),
    card(claims.refuted, "claims refuted", claims.refuted === 0 ? "idle" : "bad"),
    card(claims.unproven, "claims without evidence", "idle"),
    card(
      scenarios.held,
      `of ${scenarios.held + scenarios.failed + scenarios.unusable} scenarios held`,
      "good",
    ),
    card(expectations.held, "expectations held", "good"),
    card(
      expectations.unshaken,
      "that no left-out step turned false",
      expectations.unshaken === 0 ? "idle" : "ask",
    ),
  ].join("")}</div>
${countsTable(summary.byDomain, (key) => domainName[key] ?? key)}
${trendHtml(run.trend)}`
}

const bar = (counts: StateCounts): string => {
  const all = Math.max(1, total(counts))
  const part = (state: ClaimState, tone: string) =>
    `<i class="${tone}" style="width:${((counts[state] / all) * 100).toFixed(2)}%"></i>`
  return `<div class="bar">${part("proven", "good")}${part("refuted", "bad")}</div>`
}

const countsTable = (
  table: Readonly<Record<string, StateCounts>>,
  nameOf: (key: string) => string,
): string =>
  `<table><thead><tr><th></th><th class="number">proven</th><th class="number">refuted</th><th class="number">unproven</th><th class="wide"></th></tr></thead><tbody>${Object.entries(
    table,
  )
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, counts]) =>
        `<tr><td>${text(nameOf(key))}</td><td class="number">${counts.proven}</td><td class="number${counts.refuted === 0 ? "" : " bad"}">${counts.refuted}</td><td class="number">${counts.unproven}</td><td class="wide">${bar(counts)}</td></tr>`,
    )
    .join("")}</tbody></table>`

/** Proven claims over the last runs, as columns with their numbers. */
const trendHtml = (trend: ConformanceReport["run"]["trend"]): string => {
  const runs = trend.slice(-30)
  if (runs.length < 2) return '<p class="soft">The trend begins with the second run.</p>'
  const most = Math.max(...runs.map(({ proven, refuted }) => proven + refuted), 1)
  const columns = runs.map(({ proven, refuted, startedAt }, index) => {
    const good = (proven / most) * 80
    const bad = (refuted / most) * 80
    const x = index * 20 + 4
    return `<g><title>${text(startedAt)}: ${proven} proven, ${refuted} refuted</title><rect x="${x}" y="${90 - good}" width="14" height="${good}" fill="var(--good)"/><rect x="${x}" y="${90 - good - bad}" width="14" height="${bad}" fill="var(--bad)"/></g>`
  })
  const last = runs.at(-1)
  return `<h3>Trend</h3><svg role="img" aria-label="Proven claims over ${runs.length} runs, now ${last?.proven ?? 0}" viewBox="0 0 ${runs.length * 20 + 4} 94" width="${runs.length * 20 + 4}" height="94">${columns.join("")}</svg><p class="soft">Proven and refuted claims of the last ${runs.length} runs, now ${last?.proven ?? 0}.</p>`
}

const changesHtml = ({ run }: ConformanceReport): string => {
  const heading = '<h2 id="changes">What changed</h2>'
  if (run.changes === undefined) return `${heading}<p>There is no earlier run to compare with.</p>`
  const { since, claims } = run.changes
  return claims.length === 0
    ? `${heading}<p>No claim changed its state since ${text(since)}.</p>`
    : `${heading}<p>Since ${text(since)}:</p><ul>${claims
        .map(
          ({ id, before, now }) =>
            `<li><a href="#${id}"><code>${id}</code></a> ${stateName[before]} → <span class="${stateClass[now]}">${stateName[now]}</span></li>`,
        )
        .join("")}</ul>`
}

const stateClass: Record<ClaimState, string> = { proven: "good", refuted: "bad", unproven: "idle" }

const claimHtml = (claim: ClaimResult): string => {
  const evidence = claim.evidence.map(
    ({ kind, where, what, passed }) =>
      `<li><span class="tag ${passed ? "good" : "bad"}">${passed ? "pass" : "fail"}</span> ${text(what)} <span class="soft">${kind} · ${text(where)}</span></li>`,
  )
  return `<div class="claim" id="${claim.id}"><span class="tag ${stateClass[claim.state]}">${claim.state}</span> <code>${claim.id}</code> ${text(claim.statement)}<br><span class="soft">${text(claim.source)} · ${claim.confidence}</span>${evidence.length === 0 ? "" : `<ul>${evidence.join("")}</ul>`}</div>`
}

const claimsHtml = ({ claims, summary }: ConformanceReport): string =>
  [...Map.groupBy(claims, ({ domain }) => domain)]
    .map(([domain, list]) => {
      const counts = summary.byDomain[domain]
      const groups = [...Map.groupBy(list, ({ group }) => group)]
      return `<details><summary>${text(domainName[domain] ?? domain)} <span class="soft">${counts?.proven ?? 0} of ${list.length} proven</span></summary>${groups
        .map(([group, members]) => `<h3>${text(group)}</h3>${members.map(claimHtml).join("")}`)
        .join("")}</details>`
    })
    .join("")

const footerHtml = ({ run, seed }: ConformanceReport): string =>
  `<footer class="soft"><p>Run of ${text(run.startedAt)} on ${text(run.host)}, seed ${text(seed)}, ${(run.durationMillis / 1000).toFixed(1)} s. ${text(
    Object.entries(run.versions)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  )}</p></footer>`
