/** Characters that a new password has at least (PCI DSS 8.3.6); the gateway checks the rest. */
export const MIN_PASSWORD = 12
