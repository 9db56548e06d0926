namespace AccountGrid.Host.Collections;

/// <param name="Kind"><c>dispute</c>, <c>bereavement</c>, <c>dataQuality</c>, <c>weather</c>, <c>manual</c>.</param>
/// <param name="Until">When it ends by itself; absent: when it is lifted.</param>
public sealed record HoldRequest(string Kind, string Reason, DateTimeOffset? Until = null);
