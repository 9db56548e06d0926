namespace AccountGrid.Host.Http;

/// <summary>
/// A gateway's own data, which has its own log, is not kept in the trail; what a person's key does in a gateway's name is, a GET that hands something out too.
/// </summary>
internal sealed class AuditedUnlessGateway;
