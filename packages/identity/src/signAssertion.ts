import { KeyVault } from "@twin/crypto"
import { Effect } from "effect"
import type { SigningCertificate } from "./Application.ts"
import { assertionNamespace } from "./samlAssertion.ts"

// Heavy libraries that few calls need.
const xmlCrypto = Effect.promise(() => import("xml-crypto"))
const xmlDom = Effect.promise(() => import("@xmldom/xmldom"))

const algorithms = {
  signature: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  digest: "http://www.w3.org/2001/04/xmlenc#sha256",
  canonicalization: "http://www.w3.org/2001/10/xml-exc-c14n#",
  enveloped: "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
} as const

const wholeAssertion = `/*[local-name(.)='Assertion' and namespace-uri(.)='${assertionNamespace}']`

const pem = (certificate: string): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END CERTIFICATE-----\n`

/**
 * An assertion with an enveloped signature (XML-DSig, RSA with SHA-256, exclusive canonical form) behind
 * its issuer. The same assertion and key give the same bytes.
 */
export const signAssertion = Effect.fnUntraced(function* (
  assertion: string,
  { keyId, certificate }: SigningCertificate,
) {
  const vault = yield* KeyVault
  const key = yield* Effect.orDie(vault.privateKey(keyId))
  const { SignedXml } = yield* xmlCrypto
  const signed = new SignedXml({
    privateKey: key,
    publicCert: pem(certificate),
    signatureAlgorithm: algorithms.signature,
    canonicalizationAlgorithm: algorithms.canonicalization,
  })
  signed.addReference({
    xpath: wholeAssertion,
    transforms: [algorithms.enveloped, algorithms.canonicalization],
    digestAlgorithm: algorithms.digest,
  })
  signed.computeSignature(assertion, {
    prefix: "ds",
    location: { reference: `${wholeAssertion}/*[local-name(.)='Issuer']`, action: "after" },
  })
  return signed.getSignedXml()
})

/** What an application finds in a message, and whether the issuer has signed exactly that. */
export interface ReadAssertion {
  readonly form: "readable" | "unreadable" | "no-assertion" | "many-assertions"
  readonly signature: "good" | "bad" | "missing"
  /** Of the part that was signed, and of nothing else in the message. */
  readonly issuer: string
  readonly audience: string
  readonly recipient: string
  readonly notBefore: string
  readonly notOnOrAfter: string
  readonly confirmedUntil: string
  readonly nameId: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

const nothing: Omit<ReadAssertion, "form" | "signature"> = {
  issuer: "",
  audience: "",
  recipient: "",
  notBefore: "",
  notOnOrAfter: "",
  confirmedUntil: "",
  nameId: "",
  attributes: {},
}

/** The longest message that is read. */
const longest = 1_000_000

type Dom = typeof import("@xmldom/xmldom")

const tag = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+=(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y
const declaration = /^<\?xml[^<>]*\?>/

/**
 * Whether every element is closed where it should be. The parser mends what is not, and what it mends
 * nobody has signed. Comments, instructions and declarations of entities have no place in a message.
 */
const isWellNested = (xml: string): boolean => {
  const text = xml.replace(declaration, "")
  const open: string[] = []
  tag.lastIndex = 0
  while (tag.lastIndex < text.length) {
    const [, end, name, attributes, empty] = tag.exec(text) ?? [undefined]
    if (name === undefined) {
      if (tag.lastIndex === 0) return false
    } else if (end === "/") {
      if (open.pop() !== name || attributes !== "" || empty === "/") return false
    } else if (empty !== "/") {
      open.push(name)
    }
  }
  return open.length === 0
}

/** A document that is well formed and of reasonable length; undefined for everything else. */
const parse = ({ DOMParser }: Dom, xml: string): Document | undefined => {
  if (xml.length > longest || !isWellNested(xml)) return undefined
  let isBroken = false
  const broken = () => {
    isBroken = true
  }
  try {
    const document = new DOMParser({
      errorHandler: { warning: broken, error: broken, fatalError: broken },
    }).parseFromString(xml, "text/xml")
    return isBroken ? undefined : document
  } catch {
    return undefined
  }
}

const elements = (parent: Document | Element, name: string, namespace: string) =>
  Array.from(parent.getElementsByTagNameNS(namespace, name))

const inAssertion = (parent: Document, name: string): Element | undefined =>
  elements(parent, name, assertionNamespace)[0]

const valuesOf = (document: Document): Omit<ReadAssertion, "form" | "signature"> => {
  const text = (name: string) => inAssertion(document, name)?.textContent ?? ""
  const attribute = (name: string, of: string) =>
    inAssertion(document, name)?.getAttribute(of) ?? ""
  return {
    issuer: text("Issuer"),
    audience: text("Audience"),
    recipient: attribute("SubjectConfirmationData", "Recipient"),
    notBefore: attribute("Conditions", "NotBefore"),
    notOnOrAfter: attribute("Conditions", "NotOnOrAfter"),
    confirmedUntil: attribute("SubjectConfirmationData", "NotOnOrAfter"),
    nameId: text("NameID"),
    attributes: Object.fromEntries(
      elements(document, "Attribute", assertionNamespace).map((it) => [
        it.getAttribute("Name") ?? "",
        elements(it, "AttributeValue", assertionNamespace).map((value) => value.textContent ?? ""),
      ]),
    ),
  }
}

/**
 * Reads a message and checks the signature of its assertion with the certificate that the application
 * trusts, whatever certificate the message carries. Only what was signed is read.
 */
export const readAssertion = Effect.fnUntraced(function* (xml: string, certificate: string) {
  const dom = yield* xmlDom
  const document = parse(dom, xml)
  if (document === undefined) {
    return { ...nothing, form: "unreadable", signature: "missing" } satisfies ReadAssertion
  }
  const assertions = elements(document, "Assertion", assertionNamespace)
  const [assertion, ...more] = assertions
  if (assertion === undefined || more.length > 0) {
    const form = assertion === undefined ? "no-assertion" : "many-assertions"
    return { ...nothing, form, signature: "missing" } satisfies ReadAssertion
  }
  const { SignedXml } = yield* xmlCrypto
  const signatures = elements(document, "Signature", "http://www.w3.org/2000/09/xmldsig#")
  const [signature, ...others] = signatures.filter((it) => it.parentNode === assertion)
  if (signature === undefined || others.length > 0 || signatures.length > 1) {
    return { ...nothing, form: "readable", signature: "missing" } satisfies ReadAssertion
  }
  const checker = new SignedXml({
    publicCert: pem(certificate),
    getCertFromKeyInfo: () => null,
  })
  const references = yield* Effect.sync(() => {
    try {
      checker.loadSignature(signature)
      return checker.checkSignature(xml) ? checker.getSignedReferences() : []
    } catch {
      return []
    }
  })
  const [content, ...rest] = references
  const signed = content === undefined || rest.length > 0 ? undefined : parse(dom, content)
  const isWhole = signed?.documentElement?.localName === "Assertion"
  return signed === undefined || !isWhole
    ? ({ ...nothing, form: "readable", signature: "bad" } satisfies ReadAssertion)
    : ({ ...valuesOf(signed), form: "readable", signature: "good" } satisfies ReadAssertion)
})
