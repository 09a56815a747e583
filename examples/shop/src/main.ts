import { readShopConfig } from './config.ts'
import { startShop } from './server.ts'

const shop = await startShop(readShopConfig())
process.send?.('ready')

const stop = (): void => void shop.close().then(() => process.exit(0))
process.once('SIGTERM', stop)
process.once('disconnect', stop) // Whoever started us is gone.
