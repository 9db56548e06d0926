namespace AccountGrid.Host.Http;

/// <summary>Not kept in the trail: it changes nothing.</summary>
internal sealed class NotAudited;
