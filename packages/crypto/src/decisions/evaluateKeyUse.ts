import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { TokenVerdict } from "../double-key/AccessToken.ts"

/**
 * One request to decrypt, flat, as the key service looks at it. `identity` is what it needs to know
 * about the caller and whether the token says so; `standing` whether that caller may use the key.
 */
export interface KeyUseFacets {
  readonly token: TokenVerdict
  readonly hasBody: boolean
  readonly keyName: string
  readonly keyId: string
  readonly isKeyKnown: boolean
  readonly identity: "given" | "no-address" | "no-sid" | "not-in-directory" | "directory-silent"
  readonly standing: "authorized" | "not-authorized"
  readonly algorithm: string
  readonly value: "given" | "absent" | "not-base64"
}

/** The only algorithm that a key service decrypts with (CRY-151). */
export const decryptAlgorithm = "RSA-OAEP-256"

const bearerToken = gate<KeyUseFacets>()({
  name: "key-service-token",
  facts: ["CRY-152", "CRY-161"],
  reads: ["token"],
  check: ({ token }) =>
    token === "valid"
      ? pass("The token is signed, in time, and from and for whom the service expects.")
      : deny(refusedToken[token], { token }, { code: "401", message: "Unauthorized" }),
})

const refusedToken: Readonly<Record<Exclude<TokenVerdict, "valid">, string>> = {
  missing: "The caller shows no token.",
  malformed: "What the caller shows is no token.",
  signature: "No key of the authority has signed the token.",
  issuer: "The token comes from an organization that the service does not accept.",
  audience: "The token was made for another service.",
  expired: "The token is over.",
  "not-yet-valid": "The token is not valid yet.",
}

const badRequest = (message: string) => ({ code: "400", message })

const requestBody = gate<KeyUseFacets>()({
  name: "key-service-body",
  facts: ["CRY-153"],
  reads: ["hasBody"],
  check: ({ hasBody }) =>
    hasBody
      ? pass("The request says what is to be decrypted.")
      : deny("The request has no body.", {}, badRequest("Value cannot be null.")),
})

const knownKey = gate<KeyUseFacets>()({
  name: "key-service-key",
  facts: ["CRY-151", "CRY-153", "CRY-159"],
  reads: ["isKeyKnown", "keyName", "keyId"],
  check: ({ isKeyKnown, keyName, keyId }) =>
    isKeyKnown
      ? pass("The service has this version of the key.", { keyName, keyId })
      : deny(
          "The service has no such version of the key.",
          { keyName, keyId },
          badRequest(`Key ${keyName}-${keyId} not found`),
        ),
})

const identityClaim = gate<KeyUseFacets>()({
  name: "key-service-identity",
  facts: ["CRY-155", "CRY-156"],
  reads: ["identity"],
  check: ({ identity }) => {
    switch (identity) {
      case "given":
        return pass("The token says who the caller is.")
      case "no-address":
        return deny(
          "The token names no address of the caller.",
          {},
          badRequest("The email or upn claim is required"),
        )
      case "no-sid":
        return deny(
          "The token names no account of the local directory.",
          {},
          badRequest("onprem_sid claim not found"),
        )
      case "not-in-directory":
        return deny(
          "The local directory does not know the caller.",
          {},
          badRequest("User not found"),
        )
      case "directory-silent":
        return deny("The local directory does not answer.", {}, serverError)
    }
  },
})

const serverError = { code: "500", message: "Internal Server Error" }

const mayUseKey = gate<KeyUseFacets>()({
  name: "key-service-authorization",
  facts: ["CRY-153", "CRY-155", "CRY-156"],
  reads: ["standing"],
  check: ({ standing }) =>
    standing === "authorized"
      ? pass("The owner of the key lets this caller use it.")
      : deny(
          "The owner of the key does not let this caller use it.",
          {},
          { code: "403", message: "Forbidden" },
        ),
})

const knownAlgorithm = gate<KeyUseFacets>()({
  name: "key-service-algorithm",
  facts: ["CRY-151", "CRY-153"],
  reads: ["algorithm"],
  check: ({ algorithm }) =>
    algorithm === decryptAlgorithm
      ? pass("The service decrypts with this algorithm.", { algorithm })
      : deny(
          "The service does not decrypt with this algorithm.",
          { algorithm },
          badRequest(`${algorithm} is not supported`),
        ),
})

const readableValue = gate<KeyUseFacets>()({
  name: "key-service-value",
  facts: ["CRY-151", "CRY-154"],
  reads: ["value"],
  check: ({ value }) => {
    switch (value) {
      case "given":
        return pass("There is something to decrypt.")
      case "absent":
        return deny("There is nothing to decrypt.", {}, badRequest("Value cannot be null."))
      case "not-base64":
        return deny("What is to be decrypted is not readable.", {}, serverError)
    }
  },
})

/** Everything that the service asks before it touches the key, in its order (CRY-152, CRY-153). */
export const evaluateKeyUse = (facets: KeyUseFacets): Decision =>
  decideByGates(
    [bearerToken, requestBody, knownKey, identityClaim, mayUseKey, knownAlgorithm, readableValue],
    facets,
  )

const ciphertextOpens = gate<{ readonly opens: boolean }>()({
  name: "key-service-ciphertext",
  facts: ["CRY-154", "CRY-159", "CRY-160"],
  reads: ["opens"],
  check: ({ opens }) =>
    opens
      ? pass("The private key opens the value.")
      : deny("The private key does not open the value.", {}, serverError),
})

/** What follows: the key tries, and there is no way to know before. */
export const evaluateCiphertext = (opens: boolean): Decision =>
  decideByGates([ciphertextOpens], { opens })
