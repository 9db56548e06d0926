using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <param name="Id">Account, rule and episode: unique for ever.</param>
/// <param name="Kind">Which text it is.</param>
/// <param name="NotBeforeMs">Quiet hours hold it back until then, UTC ms.</param>
/// <param name="Quiet">The quiet hours themselves, for whatever is tried again later: minutes of the day and zone; null is none.</param>
public sealed record NoticeEffect(string Id, int Account, long Position, long AtMs, NoticeKind Kind, long NotBeforeMs, QuietTime? Quiet, NoticeFacts Facts);
