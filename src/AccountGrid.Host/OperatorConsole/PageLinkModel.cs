using AccountGrid.Host.Notices;

namespace AccountGrid.Host.OperatorConsole;

/// <param name="Link">A link that was just made: this page alone has it. Null is none.</param>
public sealed record PageLinkModel(string Account, string Zone, PageLinkAnswer? Link, string? Error);
