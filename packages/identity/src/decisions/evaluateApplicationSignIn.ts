import { andThen, type Decision } from "@twin/kernel"
import { applicationOf, servicePrincipalOf } from "../applications.ts"
import { type ClientRequest, evaluateClient } from "./evaluateClient.ts"
import { type ConsentAnswer, evaluateConsent } from "./evaluateConsent.ts"
import { evaluateSignIn } from "./evaluateSignIn.ts"
import { assignmentState } from "./protectionFacets.ts"
import { evaluateAssignment } from "./protectionGates.ts"
import { type SignInQuestion, signInSubject } from "./signInSubject.ts"

/**
 * What an application asks for when people sign in to it; undefined for Microsoft's own ones, and for
 * those that nobody knows.
 */
export const applicationRequest = ({
  world,
  app,
  endpoint,
}: Pick<SignInQuestion, "world" | "app" | "endpoint">): ClientRequest | undefined => {
  const application = applicationOf(world, servicePrincipalOf(world, app)?.appId ?? app)
  return application === undefined
    ? undefined
    : {
        world,
        client: application.appId,
        resource: application.appId,
        isSharedEndpoint: endpoint !== undefined && endpoint !== "tenant",
      }
}

/** Whether people sign in with assertions instead of tokens: there are no permissions to consent to. */
export const isSamlApplication = ({
  world,
  client,
}: Pick<ClientRequest, "world" | "client">): boolean =>
  servicePrincipalOf(world, client)?.preferredSingleSignOnMode === "saml"

/** Asks for the application before the sign-in, and for consent after it. */
export const throughApplication = (
  request: ClientRequest | undefined,
  question: SignInQuestion,
  answer: ConsentAnswer | undefined,
  signIn: () => Decision,
): Decision => {
  if (request === undefined) return signIn()
  const subject = signInSubject(question)
  const { user } = subject
  const clientId = servicePrincipalOf(request.world, request.client)?.appId
  const signedIn = andThen(evaluateClient(request), () =>
    clientId === subject.appId
      ? signIn()
      : andThen(signIn(), () =>
          evaluateAssignment(assignmentState({ question, user, appId: clientId })),
        ),
  )
  return user === undefined || isSamlApplication(request)
    ? signedIn
    : andThen(signedIn, () =>
        evaluateConsent({
          ...request,
          user,
          now: question.now,
          ...(answer === undefined ? {} : { answer }),
        }),
      )
}

/** May this person sign in to this application, with what is on record? Nothing is shown or consented. */
export const evaluateApplicationSignIn = (question: SignInQuestion): Decision =>
  throughApplication(applicationRequest(question), question, undefined, () =>
    evaluateSignIn(question),
  )
