using System.Text.Json.Nodes;

namespace AccountGrid.Host.Events;

/// <summary>A kind of public event.</summary>
/// <param name="Name">Subject and what happened, such as <c>payment.taken</c>.</param>
/// <param name="Stored">Type under which it is stored; <c>entry</c> is an entry of the ledger.</param>
/// <param name="Shape">What its data hold.</param>
/// <param name="Text">What happened, as one sentence.</param>
/// <param name="Of">Which events of the stored type are of this kind; null is all.</param>
internal sealed record EventKind(string Name, string Stored, EventShape Shape, string Text, Func<object, bool>? Of)
{
    /// <summary>The version of the data. Members are added within a version; anything else is a new one, beside the old one for a time.</summary>
    public int Version => 1;

    /// <summary>The type of the CloudEvent.</summary>
    public string Type => $"accountgrid.{Name}.v{Version}";

    /// <summary>Where its schema is.</summary>
    public string SchemaPath => $"/v1/events/kinds/{Name}";

    /// <summary>Data of the kind as they could be.</summary>
    public JsonObject Example()
    {
        var example = Shape.Example();
        foreach (var (name, value) in EventExamples.Of(Name))
        {
            example[name] = value!.DeepClone();
        }

        return example;
    }

    public bool IsOf(object happened) => Of is null || Of(happened);
}
