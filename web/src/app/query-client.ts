import { QueryClient } from "@tanstack/react-query";

import { asProblem } from "@/lib/api/problem";

const triesMax = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // What the server refuses it will refuse again.
      retry: (failures, error) => {
        const { status } = asProblem(error);
        return failures < triesMax && (status === 0 || status >= 500);
      },
      throwOnError: false,
      networkMode: "always", // "offline" may be wrong, and the server may be this machine
    },
    mutations: { networkMode: "always" },
  },
});
