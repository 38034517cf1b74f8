import { defineMessages } from './define-messages.ts';

/** What is asked before something is lost, and what is said when it is done. */
export const confirmations = defineMessages(
  {
    'confirm-remove-prepared-poll': 'Delete this prepared poll?',
    'remove-prepared-poll-warning': "“{question}” will be deleted. This can't be undone.",
    'confirm-reset-poll': 'Clear all votes?',
    'reset-poll-warning': {
      one: "{count} vote will be deleted. This can't be undone.",
      other: "{count} votes will be deleted. This can't be undone.",
    },
    'reset-answers-warning': {
      one: "All answers and the votes of {count} person will be deleted. This can't be undone.",
      other: "All answers and the votes of {count} people will be deleted. This can't be undone.",
    },
    'confirm-remove-option': 'Remove this answer?',
    'remove-option-warning': {
      one: "It will be removed for everyone, with {count} vote. This can't be undone.",
      other: "It will be removed for everyone, with {count} votes. This can't be undone.",
    },
    'confirm-delete-room': 'Delete this room?',
    'delete-room-warning':
      "All messages, files, polls and settings are deleted for everyone, and the room leaves all lists. Anyone can start a new room at its address. This can't be undone.",
    'confirm-clear-history': 'Clear the history?',
    'clear-history-warning': {
      one: "{count} message will be deleted for everyone. This can't be undone.",
      other: "{count} messages will be deleted for everyone. This can't be undone.",
    },
    'clear-long-history-warning':
      "More than {count} messages will be deleted for everyone. This can't be undone.",
    'confirm-keep-days': 'Delete old messages?',
    'keep-days-warning': {
      one: "Messages older than {count} day will be deleted for everyone, from now on. This can't be undone.",
      other:
        "Messages older than {count} days will be deleted for everyone, from now on. This can't be undone.",
    },
    'confirm-ban': 'Ban {who}?',
    'ban-warning': "They are disconnected at once and can't come back for {minutes} min.",
    'ban-permanently-warning': "They are disconnected at once and can't come back.",
    'confirm-transfer': 'Make {who} the owner?',
    'transfer-warning': 'You will no longer own this room. Only {who} can give it back to you.',
    'settings-saved': 'Saved.',
    'done-clear-history': 'History cleared.',
    'done-reset-poll': 'Votes cleared.',
    'done-ban': 'Banned.',
  },
  {
    'confirm-remove-prepared-poll': '删除这个备用投票？',
    'remove-prepared-poll-warning': '将删除“{question}”，且无法恢复。',
    'confirm-reset-poll': '清空所有票数？',
    'reset-poll-warning': '将删除 {count} 票，且无法恢复。',
    'reset-answers-warning': '将删除所有回答以及 {count} 人的投票，且无法恢复。',
    'confirm-remove-option': '移除这条回答？',
    'remove-option-warning': '将为所有人移除这条回答及其 {count} 票，且无法恢复。',
    'confirm-delete-room': '删除此聊天室？',
    'delete-room-warning':
      '所有消息、文件、投票和设置将对所有人删除，聊天室将从所有列表中消失，其地址可用于新的聊天室。此操作无法撤销。',
    'confirm-clear-history': '清空记录？',
    'clear-history-warning': '将为所有人删除 {count} 条消息，且无法恢复。',
    'clear-long-history-warning': '将为所有人删除超过 {count} 条消息，且无法恢复。',
    'confirm-keep-days': '删除旧消息？',
    'keep-days-warning': '超过 {count} 天的消息将对所有人删除，今后也是如此，且无法恢复。',
    'confirm-ban': '移出 {who}？',
    'ban-warning': '对方会立即断开，{minutes} 分钟内无法再进入。',
    'ban-permanently-warning': '对方会立即断开，并且无法再进入。',
    'confirm-transfer': '将房主转让给 {who}？',
    'transfer-warning': '你将不再是房主，只有 {who} 能把房间转让回来。',
    'settings-saved': '已保存。',
    'done-clear-history': '记录已清空。',
    'done-reset-poll': '票数已清空。',
    'done-ban': '已移出。',
  },
);
