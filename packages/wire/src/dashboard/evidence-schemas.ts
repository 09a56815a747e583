import Type from 'typebox'

const moment = (description: string): Type.TString => Type.String({ format: 'date-time', maxLength: 32, description })

/** POST /dashboard-api/evidence. */
export const EvidenceRequest = Type.Object(
  { from: moment('Activity is counted from here.'), to: moment('Before this; 366 days at most.') },
  { additionalProperties: false, $id: 'EvidenceRequest' },
)
export const EvidenceData = Type.Object(
  { bundle: Type.String({ description: 'The file, to be saved as it is: what is signed is its very bytes.' }) },
  { $id: 'EvidenceData' },
)
