/** The words of the page for auditors. */
export const TEXTS = {
  title: ['Evidence', 'Preuves'],
  make: ['A bundle for auditors', 'Un dossier pour les auditeurs'],
  lead: [
    'One file, signed by the gateway, that an auditor verifies without it: the state of every practice, the catalogue of controls, who may do what, keys and their ages, rights in the database, retention, and the audit log with its chain. It is of both modes, and holds no personal data, no key and no card number. That you made it is on record.',
    'Un seul fichier, signé par la passerelle, qu’un auditeur vérifie sans elle : l’état de chaque pratique, le catalogue des contrôles, qui peut faire quoi, les clés et leur âge, les droits dans la base de données, la conservation, et le journal d’audit avec sa chaîne. Il porte sur les deux modes et ne contient ni donnée personnelle, ni clé, ni numéro de carte. Le fait que vous l’avez créé est consigné.',
  ],
  from: ['Activity from', 'Activité du'],
  to: ['to', 'au'],
  badPeriod: [
    'Choose two days, the first not after the second, and at most a year.',
    'Choisissez deux jours, le premier pas après le second, et une année au plus.',
  ],
  action: ['Export the bundle', 'Exporter le dossier'],
  done: [
    'The bundle is saved where your browser saves downloads.',
    'Le dossier est enregistré avec vos téléchargements.',
  ],
  how: ['How it is verified', 'Comment le vérifier'],
  howText: [
    'With openssl, sha256sum and jq, and the gateway’s public keys from /.well-known/jwks.json. The commands are in docs/evidence.md; ucanpay evidence verify does the same.',
    'Avec openssl, sha256sum et jq, et les clés publiques de la passerelle à /.well-known/jwks.json. Les commandes sont dans docs/evidence.md ; ucanpay evidence verify fait de même.',
  ],
} as const
