import { KeySourceError } from '../key-encryption.ts'
import { errorCode } from './error-code.ts'

/**
 * Loads a client that only its own source needs, so that nobody else installs it.
 *
 * @param load `() => import('the-package')`: written out, so that tools see which package it is
 * @throws KeySourceError that says how to install it
 */
export async function loadPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ERR_MODULE_NOT_FOUND') {
      throw new KeySourceError(`this key source needs a package that is not installed: npm install ${name}`)
    }
    throw new KeySourceError(`the package ${name} does not load (${code}): npm install ${name}`)
  }
}
