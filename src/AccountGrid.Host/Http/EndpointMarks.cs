namespace AccountGrid.Host.Http;

/// <summary>Marks a list that shows each caller what is theirs; its handler sees to it.</summary>
internal sealed class ShowsOwnOnly;

/// <summary>Not kept in the trail: it changes nothing.</summary>
internal sealed class NotAudited;

/// <summary>A gateway's own data, which has its own log, is not kept in the trail; what a person's key does in a gateway's name is, a GET that hands something out too.</summary>
internal sealed class AuditedUnlessGateway;
