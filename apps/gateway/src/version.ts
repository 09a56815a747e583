import packageJson from '../package.json' with { type: 'json' }

/** The version of the gateway that runs. */
export const GATEWAY_VERSION: string = packageJson.version
