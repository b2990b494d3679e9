import type { CryptoEvent, CryptoServices } from "@twin/crypto"
import { domain } from "@twin/kernel"
import type { ContentEvent } from "./content/openContent.ts"
import { evolve } from "./evolve.ts"
import { faults } from "./faults.ts"
import { MipEvent } from "./MipEvent.ts"
import { operations } from "./operations/table.ts"
import { questions } from "./questions.ts"
import { initialState, type MipState, type MipWorld } from "./State.ts"

/** Labels, rights and licences as one domain of the tenant. */
export const mipDomain = domain<
  MipWorld,
  MipState,
  MipEvent,
  ContentEvent | CryptoEvent,
  CryptoServices
>({
  name: "mip",
  initial: initialState,
  events: MipEvent,
  evolve,
  operations,
  questions,
  faults,
})
