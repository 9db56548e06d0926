using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>A complaint was decided. A grievance's hold ends; those of others stand.</summary>
public sealed record ComplaintResolved(string ComplaintId, ComplaintTopic Topic, ComplaintOutcome Outcome, string By) : AccountEvent;
