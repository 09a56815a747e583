import { startDouble } from './double-target.ts'
import { startRealGateway } from './gateway-target.ts'
import { contractSuite } from './suite.ts'

contractSuite('the gateway', startRealGateway)
contractSuite('the double', startDouble)
