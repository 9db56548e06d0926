using System.Text.Json.Nodes;

namespace AccountGrid.Host.Events;

/// <summary>A CloudEvent 1.0 in its structured form.</summary>
/// <param name="Specversion"><c>1.0</c>.</param>
/// <param name="Id">Unique within the source; the same event always has the same.</param>
/// <param name="Source">The grid, as its setting names it.</param>
/// <param name="Type">Kind and version, such as <c>accountgrid.payment.taken.v1</c>.</param>
/// <param name="Subject">The account.</param>
/// <param name="Time">Time in the log.</param>
/// <param name="Datacontenttype"><c>application/json</c>.</param>
/// <param name="Dataschema">Path of the schema of the data.</param>
/// <param name="Partitionkey">The account: events with the same are in order. (CloudEvents, extension Partitioning.)</param>
public sealed record CloudEvent(string Specversion, string Id, string Source, string Type, string Subject, DateTimeOffset Time, string Datacontenttype,
    string Dataschema, string Partitionkey, JsonObject Data)
{
    /// <summary>Content type of one event.</summary>
    public const string MediaType = "application/cloudevents+json";

    /// <summary>Content type of a list of events.</summary>
    public const string BatchMediaType = "application/cloudevents-batch+json";
}
