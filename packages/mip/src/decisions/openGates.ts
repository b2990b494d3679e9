import { deny, type Finding, gate, pass, unknown } from "@twin/kernel"
import {
  isNewEnough,
  microsoftAccountSupport,
  protectedPdfSupport,
  supportsCbc,
} from "../consumerSupport.ts"
import { requestLimit, requestWindowSeconds } from "../ServiceLedger.ts"
import {
  type IdentityClass,
  identityClasses,
  type Support,
  supportMatrix,
  supportsDoubleKey,
} from "../Software.ts"
import type { OpenFacets } from "./OpenFacets.ts"

const rule = gate<OpenFacets>()

/** A content that this tenant did not protect is licensed by another, which the twin does not run. */
export const contentKnown = rule({
  name: "content-known",
  facts: ["MIP-031"],
  reads: ["isContentKnown"],
  check: ({ isContentKnown }) =>
    isContentKnown
      ? pass("This organization protected the content, so its service answers for it.")
      : deny(
          "This organization did not protect the content, so its service has no licence for it.",
          {},
          {
            code: "LicenseNotTrusted",
            message: "The publishing licence was not issued by this organization.",
          },
        ),
})

/** Step 0: with a valid certificate and licence on the device nothing else is asked. */
export const useLicenceOnDevice = rule({
  name: "use-licence-on-device",
  facts: ["MIP-079", "MIP-080", "MIP-025"],
  reads: ["licence", "certificate", "isServiceReached"],
  check: ({ licence, certificate, isServiceReached }) => {
    const details = { licence, certificate }
    if (isCached({ licence, certificate })) {
      return pass("A valid use licence lies on the device, so the service is not asked.", details)
    }
    return isServiceReached
      ? pass("No use licence on the device is valid, so the service is asked.", details)
      : deny(
          "No use licence on the device is valid, and the service cannot be reached to get one.",
          details,
          {
            message:
              "You need to be online to open this document: your permission has to be verified.",
          },
        )
  },
})

/** Whether step 0 already opens. */
export const isCached = (facets: Pick<OpenFacets, "licence" | "certificate">): boolean =>
  facets.licence === "valid" && facets.certificate === "valid"

/** The service answers only so many requests of one organization. */
export const requestAdmitted = rule({
  name: "request-limit",
  facts: ["MIP-017"],
  reads: ["recentRequests"],
  check: ({ recentRequests }) => judgeLoad(recentRequests),
})

/** What the service makes of one more request (MIP-017). */
export const judgeLoad = (recentRequests: number): Finding => {
  const details = { recentRequests, requestLimit, requestWindowSeconds }
  return recentRequests < requestLimit
    ? pass("The organization has not asked too often in the last seconds.", details)
    : deny("The organization has asked too often in the last seconds.", details, {
        code: "429",
        message: "Too Many Requests. Retry later.",
      })
}

/** Step 1. */
export const serviceEnabled = rule({
  name: "service-enabled",
  facts: ["MIP-006"],
  reads: ["functionalState"],
  check: ({ functionalState }) =>
    functionalState === "Enabled"
      ? pass("The owner's rights management service is on.", { functionalState })
      : deny("The owner's rights management service is off.", { functionalState }, serviceIsOff),
})

const serviceIsOff = {
  code: "ServiceDisabledError",
  message: "The rights management service is disabled for this organization. Extent: Tenant.",
}

/** Step 2, and the first of the two parts (MIP-175): can this software authenticate the reader? */
export const softwareSupportsIdentity = rule({
  name: "software-supports-identity",
  facts: ["MIP-175", "MIP-185", "MIP-180", "MIP-177"],
  reads: ["identities", "software", "consumer"],
  check: ({ identities, software, consumer }) => {
    const support = supportOf(identities, software, consumer)
    const details = { part: "identity", identities, software, support, consumer }
    switch (support) {
      case "yes":
        return pass("The application can authenticate this kind of account.", details)
      case "not-needed":
        return pass("The account would not need this application, and may use it.", details)
      case "as-guest":
        return deny(
          "The application takes this kind of account only as a guest of the owner's organization.",
          details,
          notSupported,
        )
      case "no":
        return deny(
          "The application cannot authenticate this kind of account.",
          details,
          notSupported,
        )
      case "unknown":
        return unknown("The twin has no record of this account in this application.", details)
    }
  },
})

const notSupported = {
  code: "AccountNotSupported",
  message:
    "This account cannot be used to open protected content here. Sign in with another account.",
}

const better: Readonly<Record<Support, number>> = {
  yes: 4,
  "not-needed": 3,
  unknown: 2,
  "as-guest": 1,
  no: 0,
}

/** The best of the rows somebody stands in. */
export const supportOf = (
  identities: string,
  software: OpenFacets["software"],
  consumer = "",
): Support => {
  let best: Support = "no"
  for (const identity of identities.split(", ")) {
    if (!isIdentityClass(identity)) continue
    // Older editions do not sign Microsoft accounts in (MIP-177).
    const isTooOld = !isNewEnough(consumer, microsoftAccountSupport, true)
    if (identity === "microsoft-account" && isTooOld) continue
    const support = supportMatrix[identity][software]
    if (better[support] > better[best]) best = support
  }
  return best
}

const isIdentityClass = (text: string): text is IdentityClass =>
  identityClasses.some((it) => it === text)

/** Can the software read this kind of protected file at all? */
export const softwareReadsFormat = rule({
  name: "software-reads-format",
  facts: ["MIP-183", "MIP-243", "MIP-255"],
  reads: ["software", "format", "doubleKey", "consumer"],
  check: ({ software, format, doubleKey, consumer }) => {
    const details = { software, format, doubleKey, consumer }
    if (doubleKey !== "not-needed" && !supportsDoubleKey(software)) {
      return deny(
        "The application cannot open content that needs a second key.",
        details,
        cannotRead,
      )
    }
    const isOffice = software.startsWith("office-")
    if (format === "pdf" && !isNewEnough(consumer, protectedPdfSupport, false)) {
      return deny("The reader does not know the encryption of protected PDF files.", details, {
        message: "This is a protected document. Open it in a reader that supports protection.",
      })
    }
    if (format === "pdf" && isOffice && software !== "office-web") {
      return deny("A protected PDF needs a reader that knows its encryption.", details, {
        message: "This PDF is protected. Open it in a reader that supports protected PDF files.",
      })
    }
    if ((format === "native" || format === "generic") && isOffice) {
      return deny("A file of this type opens in the viewer only.", details, cannotRead)
    }
    return pass("The application reads this kind of protected file.", details)
  },
})

const cannotRead = { message: "This application cannot open this kind of protected file." }

/** Readers from before 2023 do not know the cipher that is usual since (MIP-021, MIP-022). */
export const softwareKnowsCipher = rule({
  name: "content-cipher",
  facts: ["MIP-021", "MIP-022"],
  reads: ["cipher", "consumer"],
  check: ({ cipher, consumer }) => {
    const details = { cipher, consumer }
    return cipher === "AES-128-ECB" || supportsCbc(consumer, "reads")
      ? pass("The application knows the cipher of the content.", details)
      : deny("The application is too old for the cipher of the content.", details, {
          code: "CryptographyError",
          message: "Something bad happened. AESCryptoWriter: Failed to transform final block",
        })
  },
})

/** Step 4. */
export const tenantKeyReachable = rule({
  name: "tenant-key",
  facts: ["MIP-234", "MIP-235"],
  reads: ["tenantKey"],
  check: ({ tenantKey }) =>
    tenantKey === "reachable"
      ? pass("The service can use the tenant key, which opens the publishing licence.", {
          tenantKey,
        })
      : deny(
          "The service cannot use the tenant key, so nobody gets a licence.",
          { tenantKey },
          keyUnavailable,
        ),
})

export const keyUnavailable = {
  code: "CustomerKeyUnavailableError",
  message: "The organization's key is not available to the rights management service.",
}

/** Step 5. */
export const notRevoked = rule({
  name: "revocation",
  facts: ["MIP-224", "MIP-286"],
  reads: ["isRevoked", "standing"],
  check: ({ isRevoked, standing }) => {
    if (!isRevoked) return pass("Access to the content has not been revoked.")
    const details = { standing }
    return standing === "issuer" || standing === "super-user"
      ? pass("Access was revoked, which does not bind whoever issued it or a super user.", details)
      : deny("Access to the content has been revoked.", details, {
          code: "NoPermissionsError",
          message: "Access to this document has been revoked by its owner or an administrator.",
        })
  },
})

/** Step 6. */
export const notExpired = rule({
  name: "content-expiry",
  facts: ["MIP-085"],
  reads: ["expiry", "standing"],
  check: ({ expiry, standing }) => {
    const details = { expiry, standing }
    if (expiry === "never") return pass("The content does not expire.", details)
    if (expiry === "ahead") return pass("The content has not expired yet.", details)
    return standing === "other"
      ? deny("The content has expired.", details, {
          code: "NoPermissionsError",
          message: "Your permission to open this document has expired. (AccessExpired)",
        })
      : pass("The content has expired, which does not bind owner, issuer or super user.", details)
  },
})

/** Step 7, and the second of the two parts (MIP-175). */
export const rightsGranted = rule({
  name: "usage-rights",
  facts: ["MIP-051", "MIP-057", "MIP-050"],
  reads: ["paths", "rights", "template", "owner"],
  check: ({ paths, rights, template, owner }) => {
    const details = { part: "permissions", paths, rights, template }
    if (rights.split(", ").includes("VIEW")) {
      return pass("The permissions of the content name this person.", details)
    }
    return template === "missing"
      ? deny("The template that held the permissions was removed.", details, {
          code: "TemplateNotFoundError",
          message: "The template of this content no longer exists.",
        })
      : deny(
          "No permission of the content lets this person view it.",
          { ...details, owner, choices: "Change User, Yes, No" },
          {
            code: "NoPermissionsError",
            message: `You do not have credentials that allow you to open this document. You can request updated permission from ${owner}. Do you want to request updated permission?`,
          },
        )
  },
})

/** Step 8. */
export const licenceIssued = rule({
  name: "use-licence",
  facts: ["MIP-077", "MIP-078", "MIP-082"],
  reads: ["tenantValidityDays", "offlineAccessDays"],
  check: ({ tenantValidityDays, offlineAccessDays }) => {
    const days = validityDays(tenantValidityDays, offlineAccessDays)
    return pass(
      days === 0
        ? "The service issues a use licence for this one time: every open has to ask."
        : "The service issues a use licence that also opens offline while it is valid.",
      { days, tenantValidityDays, offlineAccessDays },
    )
  },
})

/** The more restrictive of tenant and label; -1 is no limit of its own (MIP-078). */
export const validityDays = (tenantDays: number, offlineAccessDays: number): number =>
  offlineAccessDays < 0 ? tenantDays : Math.min(tenantDays, offlineAccessDays)

/** Step 9. */
export const secondKey = rule({
  name: "second-key",
  facts: ["MIP-245", "MIP-246", "MIP-248"],
  reads: ["doubleKey"],
  check: ({ doubleKey }) => {
    const details = { doubleKey }
    switch (doubleKey) {
      case "not-needed":
        return pass("The content needs no second key.", details)
      case "authorized":
        return pass("The customer's key service lets this person use the second key.", details)
      case "not-authorized":
        return deny("The customer's key service does not let this person use the key.", details, {
          code: "403",
          message: "User does not have access to the key",
        })
      case "issuer-not-valid":
        return deny(
          "The customer's key service does not accept this person's organization.",
          details,
          {
            code: "401",
            message: "The issuer of the token is not valid.",
          },
        )
      case "unreachable":
        return deny("The customer's key service does not answer.", details, {
          message: "You don't have permissions to view this document",
        })
      case "unknown-service":
        return deny("The customer's key service does not know the key.", details, {
          code: "400",
          message: "The key was not found.",
        })
    }
  },
})
