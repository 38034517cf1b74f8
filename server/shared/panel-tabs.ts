/** The tabs of the panel beside the messages of a room, each of which is a page as well. */
export const panelTabs = ['people', 'pinned', 'files', 'search'] as const;
