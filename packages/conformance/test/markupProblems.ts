/** Elements that have no end tag. */
const empty = new Set(["meta", "br", "hr", "img", "rect"])

/** What is not well formed in HTML or XML as we write it: tags that do not match, raw characters. */
export const markupProblems = (markup: string): readonly string[] => {
  const problems: string[] = []
  const open: string[] = []
  const body = markup.replace(/<style>[\s\S]*?<\/style>/, "")
  for (const [tag, slash, name = "", rest = ""] of body.matchAll(
    /<(\/?)([a-zA-Z][\w]*)([^<>]*)>/g,
  )) {
    if (slash === "/") {
      const last = open.pop()
      if (last !== name) problems.push(`${tag} closes <${last ?? ""}>`)
    } else if (!rest.endsWith("/") && !empty.has(name.toLowerCase())) open.push(name)
  }
  if (open.length > 0) problems.push(`left open: ${open.join(", ")}`)
  const text = body.replaceAll(/<[!?/]?[a-zA-Z][^<>]*>/g, "")
  if (/[<>]/.test(text)) problems.push("a raw angle bracket")
  return problems
}
