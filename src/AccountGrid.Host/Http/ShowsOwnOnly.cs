namespace AccountGrid.Host.Http;

/// <summary>Marks a list that shows each caller what is theirs; its handler sees to it.</summary>
internal sealed class ShowsOwnOnly;
