import { defineMessages } from './define-messages.ts';

/** Reports of messages. */
export const reports = defineMessages(
  {
    report: 'Report…',
    'confirm-report': 'Report this message?',
    'report-warning': 'The moderators see it, and not who reported it.',
    'report-reason': 'Reason (optional)',
    'send-report': 'Report',
    reported: 'Reported to the moderators.',
    'admin-reports': 'Reports',
    'reported-messages': 'Reported messages',
    'report-count': { one: 'reported by {count} user', other: 'reported by {count} users' },
    'dismiss-reports': 'Dismiss',
    'no-reports': 'No reports are waiting.',
  },
  {
    report: '举报…',
    'confirm-report': '举报此消息？',
    'report-warning': '管理员会看到此消息，但不会看到举报人。',
    'report-reason': '原因（选填）',
    'send-report': '举报',
    reported: '已举报给管理员。',
    'admin-reports': '举报',
    'reported-messages': '被举报的消息',
    'report-count': '{count} 人举报',
    'dismiss-reports': '忽略',
    'no-reports': '没有待处理的举报。',
  },
);
