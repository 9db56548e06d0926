namespace AccountGrid.Host.Database;

/// <summary>A text among the settings whose value may be shown. Of other texts people see only whether they are set: any of them may be a secret.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShownSettingAttribute : Attribute;
