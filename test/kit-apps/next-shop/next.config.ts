import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const config: NextConfig = {
  // The packages are installed further up than a merchant's would be.
  turbopack: { root: fileURLToPath(new URL('../../..', import.meta.url)) },
  serverExternalPackages: ['ucanpay-sdk'],
}
export default config
