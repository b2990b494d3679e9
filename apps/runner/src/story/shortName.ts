/** What a thing is called where there is little room: the last part of its address. */
export const shortName = (thing: string): string => thing.split("/").at(-1) ?? thing

/** Protected contents go by their ids as well; in a story, only what has a name can be told. */
export const isOnlyAnId = (thing: string): boolean =>
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(thing)
