import type { SinkCall } from './sink-call.ts'

/** Calls that put a message into a chat, or send one to a phone. */
export const CHAT_CALLS: readonly SinkCall[] = [
  // Slack: Web API, Bolt, webhooks and what wraps them.
  { kind: 'chat', pattern: /\.chat\.(?:postMessage|postEphemeral|update|scheduleMessage|meMessage)$/, args: [0] },
  { kind: 'chat', pattern: /\.files\.upload(?:V2)?$/, args: [0] },
  {
    kind: 'chat',
    pattern:
      /^new (?:@slack\/(?:webhook|client)|ms-teams-webhook|@slack\/webhook\.dist)\.IncomingWebhook\.send$|^(?:new )?slack-notify(?:\(\))?\.\w+$|^new slack-node\.webhook$|^new slackbots\.post\w+$/,
  },
  // Discord.
  { kind: 'chat', pattern: /^new discord\.js\.Webhook(?:Client)?\.send$|^new discord-webhook-node\.Webhook\.send$/ },
  {
    kind: 'chat',
    pattern: /\.channels\.(?:cache\.)?(?:get|find|fetch)\(\)\.send$|^~(?:\w*[cC]hannel|message\.channel)\.send$/,
  },
  // Telegram.
  {
    kind: 'chat',
    pattern:
      /^(?:new node-telegram-bot-api|~?\w*(?:[tT]elegram\w*|[bB]ot)(?:\.telegram|\.api)?|new (?:telegraf(?:\.Telegraf|\.Telegram)?|grammy\.Bot|slimbot)(?:\.telegram|\.api)?)\.(?:sendMessage|sendDocument)$/,
    args: [1],
  },
  { kind: 'chat', pattern: /^(?:new )?twilio(?:\.Twilio)?(?:\(\))?\.messages\.create$/, args: [0] },
  // By the name of the thing that posts.
  {
    kind: 'chat',
    pattern:
      /(?:^|[.~/])\w*(?:slack|discord|telegram|ms_?teams|microsoft_?teams|teams_?(?:web)?(?:hook|client|notif|bot)|mattermost|google_?chat|rocket_?chat)(?!auth|oauth|login|api|ify)\w*(?:\(\))?\.(?:send|post|notify|alert|publish|sendMessage|postMessage|sendNotification|sendText|success|error|warn|info|webhook)$/i,
  },
  {
    kind: 'chat',
    pattern:
      /(?:^|[./~])(?:send|post|notify)(?:To)?(?:Slack|Discord|Telegram|Teams|Mattermost|GoogleChat)(?:Message|Notification|Alert|Channel|Webhook)?$/,
  },
  {
    kind: 'chat',
    pattern:
      /^(?:\$?fetch|cross-fetch|isomorphic-fetch|node-fetch|axios(?:\.(?:get|post|put|create\(\)\.post))?|(?:got|ky|superagent|needle)(?:\.post|\.get)?|undici\.(?:fetch|request)|request(?:\.post)?|~?(?:this\.)?http(?:Service)?\.post)$/,
    first:
      /hooks\.slack\.com|slack\.com\/api\/(?:chat|files)\.|discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks|api\.telegram\.org|webhook\.office\.com|outlook\.office\.com\/webhook|chat\.googleapis\.com|(?:slack|discord|telegram|teams|mattermost|google_?chat|rocket_?chat)_?(?:\w+_)?(?:web)?_?(?:hook|url|endpoint)/i,
    args: [0, 1],
  },
]
