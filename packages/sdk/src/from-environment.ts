import { readFileSync } from 'node:fs'
import { UCanPay } from './client.ts'
import { UCanPayConfigError } from './errors.ts'
import { keyFromEnvironment, keyFromFile, type KeySource } from './key-source.ts'
import type { UCanPayOptions } from './options.ts'

/**
 * A client as the environment describes it, so that no key and no address is in your code.
 *
 * | variable                           | what                                                                          |
 * | ---------------------------------- | ----------------------------------------------------------------------------- |
 * | `UCANPAY_API_URL`                  | the gateway's origin, https                                                   |
 * | `UCANPAY_API_KEY`                  | the secret key; or `UCANPAY_API_KEY_FILE`, which is read anew once it changes |
 * | `UCANPAY_MERCHANT_ID`              | optional                                                                      |
 * | `UCANPAY_PRIVATE_KEY_FILE`         | optional; PEM: requests are then signed                                       |
 * | `UCANPAY_PLATFORM_PUBLIC_KEY_FILE` | optional; PEM: the gateway's key, else it is asked for it                     |
 * | `UCANPAY_CA_FILE`                  | optional; PEM: a CA to trust beside the usual ones                            |
 *
 * @param options what is to be otherwise than the environment says
 * @throws UCanPayConfigError that names the variable which is missing, or whose file cannot be read
 */
export function clientFromEnvironment(options: Partial<UCanPayOptions> = {}): UCanPay {
  const found: Partial<UCanPayOptions> = {
    baseUrl: options.baseUrl ?? variable('UCANPAY_API_URL') ?? missing('UCANPAY_API_URL'),
    apiKey: options.apiKey ?? apiKeySource(),
    ...whereSet('merchantId', variable('UCANPAY_MERCHANT_ID')),
    ...whereSet('privateKey', fileOf('UCANPAY_PRIVATE_KEY_FILE')),
    ...whereSet('platformKeys', fileOf('UCANPAY_PLATFORM_PUBLIC_KEY_FILE')),
    ...whereSet('ca', fileOf('UCANPAY_CA_FILE')),
  }
  return new UCanPay({ ...found, ...options } as UCanPayOptions)
}

function apiKeySource(): KeySource {
  const file = variable('UCANPAY_API_KEY_FILE')
  if (file !== undefined) return keyFromFile(file)
  return variable('UCANPAY_API_KEY') === undefined ? missing('UCANPAY_API_KEY') : keyFromEnvironment('UCANPAY_API_KEY')
}

function variable(name: string): string | undefined {
  const value = process.env[name]?.trim()
  return value === '' ? undefined : value
}

function fileOf(name: string): string | undefined {
  const path = variable(name)
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UCanPayConfigError(`The file that ${name} names cannot be read.`, undefined, { cause })
  }
}

function whereSet(name: keyof UCanPayOptions, value: string | undefined): Partial<UCanPayOptions> {
  return value === undefined ? {} : { [name]: value }
}

function missing(name: string): never {
  throw new UCanPayConfigError(`The variable ${name} is not set.`)
}
