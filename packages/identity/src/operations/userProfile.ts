import { Schema } from "effect"

const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))

/** Profile properties that the user cmdlets take and that membership rules read (IDN-204). */
export const profileParams = {
  Department: text("Department"),
  JobTitle: text("Job title"),
  CompanyName: text("Company"),
  City: text("City"),
  Country: text("Country or region"),
  UsageLocation: text("Two-letter country code"),
  GivenName: text("First name"),
  Surname: text("Last name"),
}

/** The same in the body of a request. */
export const profileFields = {
  department: Schema.optionalKey(Schema.String),
  jobTitle: Schema.optionalKey(Schema.String),
  companyName: Schema.optionalKey(Schema.String),
  city: Schema.optionalKey(Schema.String),
  country: Schema.optionalKey(Schema.String),
  usageLocation: Schema.optionalKey(Schema.String),
  givenName: Schema.optionalKey(Schema.String),
  surname: Schema.optionalKey(Schema.String),
}

const names = Object.keys(profileFields)

/** The profile properties of a body, and nothing else of it. */
export const profileOf = (body: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(body).filter(
      (entry): entry is [string, string] =>
        names.includes(entry[0]) && typeof entry[1] === "string",
    ),
  )
