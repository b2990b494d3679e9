/** How a message in S/MIME travels (RFC 8551); the body of what is inside is plain text. */
export type SmimeForm = "clear-signed" | "opaque-signed" | "enveloped"

const lineBreak = "\r\n"

const base64Lines = (bytes: Uint8Array): string =>
  (
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join(lineBreak)

/** The text of a message as a MIME entity: what is signed and encrypted. */
export const textEntity = (text: string): Uint8Array =>
  new TextEncoder().encode(
    [
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      base64Lines(new TextEncoder().encode(text)),
      "",
    ].join(lineBreak),
  )

/** The text of an entity that `textEntity` made; undefined for any other. */
export const entityText = (entity: Uint8Array): string | undefined => {
  const [head = "", ...body] = new TextDecoder().decode(entity).split("\r\n\r\n")
  return /^content-type: text\/plain/i.test(head)
    ? Buffer.from(body.join(""), "base64").toString("utf8")
    : undefined
}

/** A CMS message as an entity, or with the signature beside the content. */
export const smimeEntity = (
  form: SmimeForm,
  cms: Uint8Array,
  clear: { readonly content: Uint8Array; readonly hash: string } | undefined,
): Uint8Array => {
  if (form === "clear-signed" && clear !== undefined) {
    const boundary = "----smime-signed-part"
    const head = [
      `Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=${clear.hash}; boundary="${boundary}"`,
      "",
      `--${boundary}`,
      "",
    ].join(lineBreak)
    const tail = [
      "",
      `--${boundary}`,
      'Content-Type: application/pkcs7-signature; name="smime.p7s"',
      "Content-Transfer-Encoding: base64",
      "",
      base64Lines(cms),
      "",
      `--${boundary}--`,
      "",
    ].join(lineBreak)
    const encoder = new TextEncoder()
    return Buffer.concat([encoder.encode(head), clear.content, encoder.encode(tail)])
  }
  const type = form === "enveloped" ? "enveloped-data" : "signed-data"
  return new TextEncoder().encode(
    [
      `Content-Type: application/pkcs7-mime; smime-type=${type}; name="smime.p7m"`,
      "Content-Transfer-Encoding: base64",
      "",
      base64Lines(cms),
      "",
    ].join(lineBreak),
  )
}

export interface SmimePart {
  readonly form: SmimeForm
  readonly cms: Uint8Array
  /** The signed content, where it stands in clear. */
  readonly clear?: Uint8Array
}

/** Takes an entity apart; undefined where it is no S/MIME. */
export const smimePart = (entity: Uint8Array): SmimePart | undefined => {
  const text = Buffer.from(entity).toString("latin1")
  const [head = "", ...rest] = text.split("\r\n\r\n")
  const multipart = /multipart\/signed;.*boundary="([^"]{1,70})"/i.exec(head)
  if (multipart !== null) {
    const parts = text.split(`--${multipart[1]}`)
    const [, first = "", second = ""] = parts
    const content = first.replace(/^\r\n/, "").replace(/\r\n$/, "")
    const signature = second.split("\r\n\r\n").slice(1).join("")
    return {
      form: "clear-signed",
      cms: Uint8Array.from(Buffer.from(signature, "base64")),
      clear: Uint8Array.from(Buffer.from(content, "latin1")),
    }
  }
  const type = /application\/pkcs7-mime;.*smime-type=(enveloped|signed)-data/i.exec(head)
  if (type === null) return undefined
  return {
    form: type[1]?.toLowerCase() === "enveloped" ? "enveloped" : "opaque-signed",
    cms: Uint8Array.from(Buffer.from(rest.join("\r\n\r\n"), "base64")),
  }
}
