namespace AccountGrid.Host.Mqtt;

/// <summary>What profiles must not have together: a message that is read twice, or a reply that is read as a message.</summary>
internal static class ProfileConflicts
{
    public static IEnumerable<string> Of(IReadOnlyList<MqttProfile> profiles)
    {
        foreach (var twice in profiles.GroupBy(p => p.Name).Where(g => g.Count() > 1))
        {
            yield return $"the name {twice.Key} is that of two profiles.";
        }

        var read = profiles.SelectMany(p => p.Messages.Select(m => (p.Name, m.Topic)).Concat(p.Relay is { } r ? [(p.Name, r.ConfirmTopic)] : [])).ToList();
        for (var i = 0; i < read.Count; i++)
        {
            foreach (var (name, topic) in read.Skip(i + 1).Where(o => o.Topic.Overlaps(read[i].Topic)))
            {
                yield return $"a message can be on {read[i].Topic} of {read[i].Name} and on {topic} of {name}; it would be read twice.";
            }
        }

        // A command may go out on the topic of its confirmation: the broker does not send it back to whoever published it.
        var written = profiles.SelectMany(p => p.Messages.Where(m => m.Reply is not null).Select(m => (p.Name, m.Reply!.Topic, But: (TopicPattern?)null))
            .Concat(p.Relay is { } r ? [(p.Name, r.Command, r.ConfirmTopic)] : []));
        foreach (var (name, topic, but) in written)
        {
            foreach (var (reader, other) in read.Where(r => r.Topic != but && r.Topic.Overlaps(topic)))
            {
                yield return $"what {name} publishes on {topic} would be read as a message of {reader} on {other}.";
            }
        }
    }
}
