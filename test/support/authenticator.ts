import type { CDPSession, Page } from 'playwright-core'

/** A credential as the authenticator has it. */
interface Credential {
  readonly credentialId: string
  readonly isResidentCredential: boolean
  readonly rpId?: string
  readonly privateKey: string
  readonly userHandle?: string
  readonly signCount: number
}

/** A security key of one page's, made of nothing but the browser's own emulation. */
export interface Authenticator {
  /** The credentials in it. */
  credentials(): Promise<Credential[]>
  /** Sets the count of signatures of everything in it. */
  setCount(signCount: number): Promise<void>
}

/** Plugs a key that verifies its owner into a page. */
export async function plugInAuthenticator(page: Page): Promise<Authenticator> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const credentials = async (): Promise<Credential[]> =>
    (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  return {
    credentials,
    async setCount(signCount) {
      const known = await credentials()
      await cdp.send('WebAuthn.clearCredentials', { authenticatorId })
      for (const each of known)
        await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...each, signCount } })
    },
  }
}
