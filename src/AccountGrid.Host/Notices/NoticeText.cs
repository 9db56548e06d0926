namespace AccountGrid.Host.Notices;

/// <summary>A message as it is said.</summary>
public sealed record NoticeText(string Subject, string Body);
