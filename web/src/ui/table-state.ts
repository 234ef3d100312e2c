// From queries to what a table shows.
import type { UseInfiniteQueryResult, InfiniteData, UseQueryResult } from "@tanstack/react-query";

import type { TableState } from "@/ui/data-table";

interface PageOf<Item> {
  items: Item[];
  next?: string;
}

export function pagesState<Item>(query: UseInfiniteQueryResult<InfiniteData<PageOf<Item>>>): {
  rows: Item[];
  state: TableState;
} {
  return {
    rows: query.data?.pages.flatMap(({ items }) => items) ?? [],
    state: {
      isLoading: query.isPending,
      error: query.error,
      onRetry: () => void query.refetch(),
      more: { has: query.hasNextPage, isLoading: query.isFetchingNextPage, load: () => void query.fetchNextPage() },
    },
  };
}

export function queryState(query: UseQueryResult): TableState {
  return { isLoading: query.isPending, error: query.error, onRetry: () => void query.refetch() };
}
