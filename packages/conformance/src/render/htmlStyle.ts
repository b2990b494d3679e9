/** The report's own style: light and dark, phone and desktop, and paper. No font or picture is loaded. */
export const htmlStyle = `
:root{--ink:#1b1f24;--soft:#59636e;--line:#d8dee4;--back:#fff;--panel:#f6f8fa;--good:#1a7f37;--bad:#cf222e;--idle:#8c959f;--ask:#9a6700;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--back:#0d1117;--panel:#151b23;--good:#3fb950;--bad:#f85149;--idle:#6e7681;--ask:#d29922}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:70rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0}
.soft{color:var(--soft);font-size:.9rem}
.verdict{font-size:1.1rem;padding:.75rem 1rem;border-left:.35rem solid var(--good);background:var(--panel)}
.verdict.bad{border-color:var(--bad)}
nav a{display:inline-block;margin:0 1rem .25rem 0}
a{color:inherit}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1rem 0}
.card{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}
.card b{display:block;font-size:1.7rem;line-height:1.2}
.bar{display:flex;height:.7rem;border-radius:.35rem;overflow:hidden;background:var(--line);min-width:6rem}
.bar i{display:block}
.good{color:var(--good)}.bad{color:var(--bad)}.idle{color:var(--idle)}.ask{color:var(--ask)}
.bar .good{background:var(--good)}.bar .bad{background:var(--bad)}.bar .idle{background:var(--idle)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{overflow-wrap:normal}
td.number,th.number{text-align:right}
td.wide{vertical-align:middle}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:0 .75rem;background:var(--panel)}
details>summary{cursor:pointer;padding:.5rem 0;font-weight:600}
details[open]{padding-bottom:.75rem}
ul,ol{margin:.25rem 0;padding-left:1.25rem}
pre{white-space:pre-wrap;font:.85rem/1.45 ui-monospace,monospace;background:var(--back);border:1px solid var(--line);border-radius:.35rem;padding:.5rem .75rem;margin:.5rem 0}
code{font:.85em ui-monospace,monospace}
.step{border-left:2px solid var(--line);padding-left:.9rem;margin:1.1rem 0}
.step h4{margin:0 0 .25rem;font-size:1rem}
.gate{margin:.25rem 0}
.tag{font:600 .75rem/1 ui-monospace,monospace;text-transform:uppercase;letter-spacing:.03em}
.claim{border-bottom:1px solid var(--line);padding:.5rem 0}
.claim:last-child{border:0}
svg{max-width:100%;height:auto}
@media (max-width:40rem){th.wide,td.wide{display:none}body{font-size:15px}}
main{padding-top:0}header{padding-bottom:0}main>h2:first-child{margin-top:1rem}
@media (max-width:40rem){th,td{padding-right:.5rem}}
@media print{details::details-content{content-visibility:visible;block-size:auto}details{border:0;padding:0;background:none}details>*{display:block}nav{display:none}.card,.verdict,pre{background:none}h2{break-after:avoid}.step,.claim{break-inside:avoid}}
`
