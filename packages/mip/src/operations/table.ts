import type { CryptoEvent, CryptoServices } from "@twin/crypto"
import type { Operation } from "@twin/kernel"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"

/** Every operation of this domain. */
export const operations: readonly Operation<MipWorld, MipEvent | CryptoEvent, CryptoServices>[] = []
