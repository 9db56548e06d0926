using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Collections;

/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
/// <param name="Channels">In order of preference: <c>sms</c>, <c>email</c>, <c>webhook</c>, <c>file</c>; at most five.</param>
/// <param name="Area">Area of the collector.</param>
/// <param name="Manager">Account manager of a large customer.</param>
public sealed record ContactRequest(string Language, IReadOnlyList<ContactChannel> Channels, string? Area = null, string? Manager = null);
