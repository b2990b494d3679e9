import { Schema } from "effect"

export const ChainLevel = Schema.Literals(["leaf", "subordinate", "root"])
export type ChainLevel = typeof ChainLevel.Type

/** What an application insists on (CRY-191). */
export const Pin = Schema.Struct({
  kind: Schema.Literals(["thumbprint", "subject", "commonName", "serial", "publicKey"]).annotate({
    description: "What is compared; a public key by the SHA-256 of its SPKI, in hexadecimal",
  }),
  level: Schema.optionalKey(
    ChainLevel.annotate({ description: "Where in the chain; anywhere unless given" }),
  ),
  value: Schema.NonEmptyString,
})
export type Pin = typeof Pin.Type

/** One certificate of a chain, with what is known about it. */
export interface PinnedCertificate {
  readonly level: ChainLevel
  readonly commonName: string
  /** Distinguished name. */
  readonly subject?: string
  /** Hexadecimal. */
  readonly serial?: string
  /** SHA-1 or SHA-256 of the certificate, hexadecimal. */
  readonly thumbprint?: string
  readonly thumbprint256?: string
  /** SHA-256 of the SPKI, hexadecimal. */
  readonly publicKey?: string
}

const hex = (text: string): string => text.toLowerCase().replaceAll(/[\s:]/g, "")
const serial = (text: string): string => hex(text).replace(/^0+(?=.)/, "")
const words = (text: string): string => text.trim().toLowerCase()

const fits = (pin: Pin, certificate: PinnedCertificate): boolean => {
  const { value } = pin
  switch (pin.kind) {
    case "thumbprint":
      return [certificate.thumbprint, certificate.thumbprint256].some(
        (it) => it !== undefined && hex(it) === hex(value),
      )
    case "serial":
      return certificate.serial !== undefined && serial(certificate.serial) === serial(value)
    case "publicKey":
      return certificate.publicKey !== undefined && hex(certificate.publicKey) === hex(value)
    case "commonName":
      return words(certificate.commonName) === words(value)
    case "subject":
      return words(certificate.subject ?? `CN=${certificate.commonName}`) === words(value)
  }
}

/** Whether any certificate of the chain is one that the application insists on (CRY-191). */
export const matchesPin = (pins: readonly Pin[], chain: readonly PinnedCertificate[]): boolean =>
  pins.some((pin) =>
    chain.some((it) => (pin.level === undefined || pin.level === it.level) && fits(pin, it)),
  )
