import type { Due } from "@twin/kernel"
import type { DomainEvent } from "./DomainEvent.ts"
import { dueSimulations } from "./operations/autoLabelPolicy.ts"
import { dueTraining } from "./operations/trainableClassifier.ts"
import type { MipWorld } from "./State.ts"

/** What ends by the clock alone, the earliest first. */
export const dueWork = (world: MipWorld, until: number): readonly Due<DomainEvent>[] =>
  [...dueTraining(world, until), ...dueSimulations(world, until)].toSorted((a, b) => a.at - b.at)
