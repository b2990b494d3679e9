import type { Dated } from "@twin/kernel"

/** MC455516 (EXO-183): rules of the former product could no longer be made or changed. */
export const legacyRules: Dated<"accepted" | "refused"> = {
  before: "accepted",
  changes: [{ from: "2023-06-30", value: "refused" }],
}

/** MC455516 (EXO-183, EXO-184): what an old rule does to mail. */
export const legacyProcessing: Dated<"as-legacy" | "as-current"> = {
  before: "as-legacy",
  changes: [{ from: "2024-01-15", value: "as-current" }],
}

/** EXO-130: what becomes of mail from outside that a rule wants to encrypt; a month of 2023 differs. */
export const inboundEncryption: Dated<"delivered" | "rejected"> = {
  before: "delivered",
  changes: [
    { from: "2023-05-01", value: "rejected" },
    { from: "2023-06-01", value: "delivered" },
  ],
}

/** EXO-032: the recipient became necessary for the test after the pages of 2019. */
export const testNeedsRecipient: Dated<boolean> = {
  before: false,
  changes: [{ from: "2020-01-01", value: true }],
}

/** EXO-037: before 2018 the keys of rights management were imported by hand. */
export const keySharing: Dated<"by-hand" | "automatic"> = {
  before: "by-hand",
  changes: [{ from: "2018-01-01", value: "automatic" }],
}

/** EXO-224: DNSSEC and DANE for mail that comes in began with a public preview. */
export const inboundDane: Dated<"absent" | "available"> = {
  before: "absent",
  changes: [{ from: "2024-07-01", value: "available" }],
}
