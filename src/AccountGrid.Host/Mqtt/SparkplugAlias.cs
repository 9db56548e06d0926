namespace AccountGrid.Host.Mqtt;

/// <param name="Name">The metric's name.</param>
/// <param name="Type">The specification's number of its data type.</param>
internal sealed record SparkplugAlias(string Name, uint Type);
