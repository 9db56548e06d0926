using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>A complaint was opened. A grievance places a hold of its own, beside those of others.</summary>
public sealed record ComplaintFiled(string ComplaintId, ComplaintTopic Topic) : AccountEvent;
