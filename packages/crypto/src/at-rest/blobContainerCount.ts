/** How many blob containers chunks are spread over: a twin parameter, and a power of two. */
export const blobContainerCount = 8
